from tests.selftest.faulty_servers.correct import Answer, Call

DEFECT = "Where the token limit cuts an answer, the server makes up a call."
CASE = "two-calls-cut-off-cut-4"
FINDINGS = {
    "stream": {"cut-off/other-call", "provenance/name"},
    "whole": {"cut-off/other-call", "provenance/name"},
}


def answer(answer: Answer) -> Answer:
    return Answer((Call("calculate_expression", ""),), cut=True)
