from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The stream ends, politely, in the middle of its last chunk."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-frames/cut-off"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    if wire.media_type == "application/json":
        return wire
    return replace(wire, pieces=(*wire.pieces[:-2], wire.pieces[-2][:30]))
