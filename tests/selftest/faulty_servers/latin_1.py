from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "Text is encoded as Latin-1."
FINDINGS = {"stream": {"stream-frames/bad-utf8"}, "whole": {"whole-body/bad-utf8"}}


def wire(wire: Wire) -> Wire:
    first = wire.pieces[0].replace(b"chatcmpl-1", b"chatcmpl-\xe9")
    return replace(wire, pieces=(first, *wire.pieces[1:]))
