from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "A retry time of its own opens the stream: the standard allows it, the official client breaks on it."
FINDINGS: dict[str, set[str]] = {"stream": {"sdk-view/sdk-error"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    if wire.media_type == "application/json":
        return wire
    return replace(wire, pieces=(b"retry: 3000\n\n", *wire.pieces))
