from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The token limit cut the answer, and the finish reason does not say so."
CASE = "two-calls-cut-off-cut-4"
FINDINGS = {"stream": {"finish-reason/wrong"}, "whole": {"finish-reason/wrong"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, cut=False)
