from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The connection breaks in the middle of the answer."
FINDINGS = {"stream": {"stream-frames/cut-off"}, "whole": {"whole-body/cut-off"}}


def wire(wire: Wire) -> Wire:
    return replace(wire, pieces=(*wire.pieces[:3], wire.pieces[0][:20]), breaks=True)
