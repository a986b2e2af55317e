from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer, Call

CASE = "parallel-calls-forbidden"
DEFECT = "Two calls come although parallel calls are forbidden."
FINDINGS = {"stream": {"tool-choice/parallel-calls"}, "whole": {"tool-choice/parallel-calls"}}


def answer(answer: Answer) -> Answer:
    second = Call("calculate_expression", '{"expression": "25 * 17 + 31"}')
    return replace(answer, calls=(*answer.calls, second))
