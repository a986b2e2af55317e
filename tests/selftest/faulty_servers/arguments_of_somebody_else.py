from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Arguments arrive twice, as is known, but those of another user."
CASE = "one-call"
FINDINGS = {
    "stream": {"arguments-json/glued-twice", "provenance/value"},
    "whole": {"arguments-json/glued-twice", "provenance/value"},
}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": "Oslo", "unit": "kelvin"}' * 2)
