from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The arguments are written as Python writes a dict."
FINDINGS = {"stream": {"arguments-json/not-json"}, "whole": {"arguments-json/not-json"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, "{'location': 'Tokyo', 'unit': 'celsius'}")
