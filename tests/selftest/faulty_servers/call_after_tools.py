from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer, Call

DEFECT = "The answer after the tools ran calls a tool again, and none was offered."
FINDINGS = {"stream": {"offered-name/invented-call"}, "whole": {"offered-name/invented-call"}}
ROUND = 2


def answer(answer: Answer) -> Answer:
    return replace(answer, calls=(Call("get_weather", '{"location": "Tokyo", "unit": "celsius"}'),))
