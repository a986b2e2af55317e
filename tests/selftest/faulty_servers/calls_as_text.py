import json

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The parser does not see the calls: their JSON arrives as text."
FINDINGS = {"stream": {"expected-calls/calls-as-text"}, "whole": {"expected-calls/calls-as-text"}}


def answer(answer: Answer) -> Answer:
    calls = [{"name": call.name, "arguments": json.loads(call.arguments)} for call in answer.calls]
    return Answer(content=json.dumps(calls))
