from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer, Call

DEFECT = "The value of an argument named `name` becomes a call of its own."
FINDINGS = {"stream": {"offered-name/invented-call"}, "whole": {"offered-name/invented-call"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, calls=(*answer.calls, Call("Ada", "{}")))
