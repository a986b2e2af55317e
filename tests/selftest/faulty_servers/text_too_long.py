from copy import deepcopy
from dataclasses import replace

from tests.harness.core.records.case import Case
from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A value breaks another keyword of the tool's schema."
FINDINGS = {"stream": {"arguments-schema/other"}, "whole": {"arguments-schema/other"}}


def case(case: Case) -> Case:
    tools = deepcopy(case.tools)
    tools[0]["function"]["parameters"]["properties"]["location"]["maxLength"] = 20
    return replace(case, tools=tools)


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, '{"location": "Tokyo, the capital of Japan", "unit": "celsius"}')
