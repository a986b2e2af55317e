from tests.selftest.faulty_servers.correct import Wire

CASE = "null-tool-choice"
DEFECT = "A field that is null is refused, and the error does not say which field it is."
FINDINGS = {"stream": {"refusal/no-name"}, "whole": {"refusal/no-name"}}


def wire(_: Wire) -> Wire:
    body = b'{"error": {"message": "Input should be a valid string", "type": "BadRequestError"}}'
    return Wire(400, "application/json", (body,))
