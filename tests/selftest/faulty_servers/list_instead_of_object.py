from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire, frame

DEFECT = "A list comes where an object is due."
FINDINGS = {"stream": {"stream-frames/not-object"}, "whole": {"whole-body/not-object"}}


def wire(wire: Wire) -> Wire:
    if wire.media_type == "application/json":
        return replace(wire, pieces=(b"[]",))
    return replace(wire, pieces=(wire.pieces[0], frame("[]"), *wire.pieces[1:]))
