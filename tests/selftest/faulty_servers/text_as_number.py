from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A text comes as a number."
FINDINGS = {"stream": {"arguments-schema/wrong-type"}, "whole": {"arguments-schema/wrong-type"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": 22, "unit": "celsius"}')
