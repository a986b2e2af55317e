from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The server does not take tools."
FINDINGS = {"stream": {"http-status/client-error"}, "whole": {"http-status/client-error"}}


def wire(_wire: Wire) -> Wire:
    return Wire(400, "application/json", (b'{"error": {"message": "tools are not supported", "code": 400}}',))
