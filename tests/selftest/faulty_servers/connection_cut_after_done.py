from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The connection breaks after the end marker."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-end/no-clean-close"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return wire if wire.media_type == "application/json" else replace(wire, breaks=True)
