from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A brace too many follows the arguments."
FINDINGS = {"stream": {"arguments-json/trailing-text"}, "whole": {"arguments-json/trailing-text"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(1, answer.calls[1].arguments + "}")
