from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The last chunk comes behind the end marker, where nobody reads it."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-end/after-done"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return replace(wire, pieces=(*wire.pieces, *wire.pieces[-2:-1]))
