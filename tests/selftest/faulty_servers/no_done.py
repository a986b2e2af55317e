from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The end marker of the stream is missing."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-end/no-done"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return wire if wire.media_type == "application/json" else replace(wire, pieces=wire.pieces[:-1])
