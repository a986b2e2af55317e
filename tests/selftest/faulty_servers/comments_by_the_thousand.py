"""Comments are legal in a stream; the official client copies all that it holds of an event for each line of it."""

from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "An event comes behind tens of thousands of lines of comments."
FINDINGS: dict[str, set[str]] = {"stream": {"sdk-view/sdk-stalls"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    if "event-stream" not in wire.media_type:
        return wire
    return replace(wire, pieces=(b":\n" * 40_000 + wire.pieces[0], *wire.pieces[1:]))
