from tests.selftest.faulty_servers.correct import Wire

CASE = "history-arguments-cut"
DEFECT = "A damaged history is refused, and nobody is told why."
FINDINGS = {"stream": {"refusal/silent"}, "whole": {"refusal/silent"}}


def wire(_: Wire) -> Wire:
    return Wire(400, "application/json", (b'{"error": {"message": "", "type": "BadRequestError"}}',))
