from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer, Call

DEFECT = "Another of the offered tools is called."
FINDINGS = {"stream": {"expected-calls/wrong-name"}, "whole": {"expected-calls/wrong-name"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, calls=(answer.calls[0], Call("calculate_expression", '{"expression": "1"}')))
