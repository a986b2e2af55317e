from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The server fails before the answer begins."
FINDINGS = {"stream": {"http-status/server-error"}, "whole": {"http-status/server-error"}}


def wire(_wire: Wire) -> Wire:
    return Wire(500, "text/plain", (b"Internal Server Error",))
