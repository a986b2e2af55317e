from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A call arrives with a name that only another user's model can have written."
CASE = "one-call"
FINDINGS = {
    "stream": {"offered-name/invented-call", "provenance/name"},
    "whole": {"offered-name/invented-call", "provenance/name"},
}


def answer(answer: Answer) -> Answer:
    return answer.with_name(0, "delete_account")
