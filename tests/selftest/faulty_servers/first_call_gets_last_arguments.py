from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The first call has the last call's arguments."
FINDINGS = {"stream": {"arguments-value/other-call"}, "whole": {"arguments-value/other-call"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, answer.calls[1].arguments)
