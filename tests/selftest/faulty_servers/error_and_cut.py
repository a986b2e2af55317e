from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire, frame

DEFECT = "An error comes in the middle of the stream, and then the connection breaks."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-frames/error-frame"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    if wire.media_type == "application/json":
        return wire
    return replace(
        wire, pieces=(*wire.pieces[:3], frame('{"error": {"message": "out of memory"}}')), breaks=True
    )
