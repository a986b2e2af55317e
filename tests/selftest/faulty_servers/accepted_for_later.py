from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The answer comes with a status that is neither 200 nor an error."
FINDINGS = {"stream": {"http-status/other-status"}, "whole": {"http-status/other-status"}}


def wire(wire: Wire) -> Wire:
    return replace(wire, status=202)
