from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A required key is lost."
FINDINGS = {"stream": {"arguments-schema/missing-key"}, "whole": {"arguments-schema/missing-key"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": "Tokyo"}')
