from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "One piece of JSON is cut in half."
FINDINGS = {"stream": {"stream-frames/not-json"}, "whole": {"whole-body/not-json"}}


def wire(wire: Wire) -> Wire:
    first = wire.pieces[0].rstrip()
    end = b"\n\n" if first.startswith(b"data:") else b""
    return replace(wire, pieces=(first[: len(first) // 2] + end, *wire.pieces[1:]))
