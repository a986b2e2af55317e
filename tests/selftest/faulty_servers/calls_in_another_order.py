from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The right calls come in another order."
FINDINGS = {"stream": {"expected-calls/wrong-order"}, "whole": {"expected-calls/wrong-order"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, calls=answer.calls[::-1])
