import json

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A key of the arguments is written twice, and readers see the last of them."
FINDINGS = {
    "stream": {"arguments-value/other-text", "provenance/value"},
    "whole": {"arguments-value/other-text", "provenance/value"},
}
CASE = "one-call"


def answer(answer: Answer) -> Answer:
    last = answer.calls[0].arguments
    key = next(iter(json.loads(last)))
    return answer.with_arguments(0, f'{{"{key}": 0, {last.removeprefix("{")}')
