from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The server sends the client elsewhere."
FINDINGS = {"stream": {"http-status/redirect"}, "whole": {"http-status/redirect"}}


def wire(_wire: Wire) -> Wire:
    return Wire(307, "text/plain", (b"over there",), {"Location": "/elsewhere"})
