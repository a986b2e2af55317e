from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The blank line behind the end marker is missing, so readers of event streams drop it."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-end/no-done"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return replace(wire, pieces=(*wire.pieces[:-1], wire.pieces[-1].rstrip(b"\n")))
