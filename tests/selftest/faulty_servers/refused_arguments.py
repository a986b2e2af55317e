from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The tool between the rounds does not take what came."
FINDINGS = {
    "stream": {"arguments-value/other-value", "tool-run/refused"},
    "whole": {"arguments-value/other-value", "tool-run/refused"},
}
RUN_CALLS = True


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": "Tokyo", "unit": "celsius", "days": 3}')
