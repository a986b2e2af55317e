from tests.selftest.faulty_servers.correct import Answer

CASE = "tool-choice-required"
DEFECT = "The demanded call does not fit its tool's schema."
FINDINGS = {"stream": {"arguments-schema/not-in-enum"}, "whole": {"arguments-schema/not-in-enum"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"color": "green"}')
