from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The end of a tool's name is missing."
FINDINGS = {"stream": {"offered-name/cut-name"}, "whole": {"offered-name/cut-name"}}


def answer(answer: Answer) -> Answer:
    return answer.with_name(0, "get_wea")
