from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The opening brace is sent, and then the arguments with their own."
FINDINGS = {"stream": {"arguments-json/leading-brace"}, "whole": {"arguments-json/leading-brace"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(1, "{" + answer.calls[1].arguments)
