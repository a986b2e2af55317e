from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Nothing but the opening brace of the arguments comes."
FINDINGS = {"stream": {"arguments-json/lone-brace"}, "whole": {"arguments-json/lone-brace"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, "{")
