from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A value comes changed."
FINDINGS = {"stream": {"arguments-value/other-value"}, "whole": {"arguments-value/other-value"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": "Tokio", "unit": "celsius"}')
