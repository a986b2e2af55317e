from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The first of two calls is lost."
FINDINGS = {"stream": {"expected-calls/missing-call"}, "whole": {"expected-calls/missing-call"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, calls=answer.calls[1:])
