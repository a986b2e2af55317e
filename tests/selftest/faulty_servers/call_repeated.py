from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A call comes twice."
FINDINGS = {"stream": {"expected-calls/extra-call"}, "whole": {"expected-calls/extra-call"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, calls=(*answer.calls, answer.calls[1]))
