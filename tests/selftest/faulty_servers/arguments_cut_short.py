from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The end of the arguments is missing, and the server does not say so."
FINDINGS = {"stream": {"arguments-json/cut-short"}, "whole": {"arguments-json/cut-short"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(1, answer.calls[1].arguments[:-3])
