from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The stream ends, politely, in the middle of the answer."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-frames/cut-off"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return replace(wire, pieces=wire.pieces[:4])
