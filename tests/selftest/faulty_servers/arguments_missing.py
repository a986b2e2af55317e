from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A call comes without arguments."
FINDINGS = {"stream": {"arguments-json/empty"}, "whole": {"arguments-json/empty"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, "")
