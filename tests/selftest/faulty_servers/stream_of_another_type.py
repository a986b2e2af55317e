from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "A right stream is declared as plain text."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-frames/not-a-stream"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return wire if wire.media_type == "application/json" else replace(wire, media_type="text/plain")
