import json
from dataclasses import replace

from tests.harness.core.records.case import Case, ExpectedCall
from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Letters outside ASCII are written as escapes."
FINDINGS = {"stream": {"arguments-value/escaped"}, "whole": {"arguments-value/escaped"}}
CASE = "weather-san-francisco"


def case(case: Case) -> Case:
    return replace(case, calls=(ExpectedCall("get_weather", {"location": "東京 🗼", "unit": "celsius"}),))


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, json.dumps(json.loads(answer.calls[0].arguments)))
