from copy import deepcopy
from dataclasses import replace

from tests.harness.core.records.case import Case
from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A key comes that the tool forbids."
FINDINGS = {"stream": {"arguments-schema/extra-key"}, "whole": {"arguments-schema/extra-key"}}


def case(case: Case) -> Case:
    tools = deepcopy(case.tools)
    for tool in tools:
        tool["function"]["parameters"]["additionalProperties"] = False
    return replace(case, tools=tools)


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": "Tokyo", "unit": "celsius", "name": "get_weather"}')
