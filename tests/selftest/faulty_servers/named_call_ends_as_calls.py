from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

CASE = "tool-choice-named"
DEFECT = "The call of a named tool ends with the finish reason tool_calls."
FINDINGS = {"stream": {"finish-reason/wrong"}, "whole": {"finish-reason/wrong"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, stopped=False)
