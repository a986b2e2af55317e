from tests.selftest.faulty_servers.correct import Wire

CASE = "history-content-empty-list"
DEFECT = "A history with an empty list of parts is refused, though clients send it."
FINDINGS = {"stream": {"http-status/client-error"}, "whole": {"http-status/client-error"}}


def wire(_: Wire) -> Wire:
    body = b'{"error": {"message": "content: a string is wanted", "type": "BadRequestError"}}'
    return Wire(400, "application/json", (body,))
