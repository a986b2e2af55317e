from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The answer holds neither a call nor text."
FINDINGS = {"stream": {"expected-calls/no-answer"}, "whole": {"expected-calls/no-answer"}}


def answer(_answer: Answer) -> Answer:
    return Answer()
