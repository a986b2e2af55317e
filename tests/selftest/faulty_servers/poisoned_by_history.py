from tests.selftest.faulty_servers.correct import Wire

CASE = "history-arguments-cut"
DEFECT = "Arguments that were cut once break each later turn with a 500."
FINDINGS = {"stream": {"http-status/server-error"}, "whole": {"http-status/server-error"}}


def wire(_: Wire) -> Wire:
    return Wire(
        500,
        "application/json",
        (b'{"error": {"message": "Expecting value", "type": "InternalServerError"}}',),
    )
