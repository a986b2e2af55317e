from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A value is none of those that the tool allows."
FINDINGS = {"stream": {"arguments-schema/not-in-enum"}, "whole": {"arguments-schema/not-in-enum"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": "Tokyo", "unit": "kelvin"}')
