from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The stream ends before its first event."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-frames/cut-off"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return wire if wire.media_type == "application/json" else replace(wire, pieces=(b": ping\n\n",))
