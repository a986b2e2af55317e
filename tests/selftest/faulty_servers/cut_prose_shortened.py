from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Of prose that the token limit cut, the last words are lost."
CASE = "plain-text-cut-off-cut-8"
FINDINGS = {"stream": {"cut-off/lost"}, "whole": {"cut-off/lost"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, content=(answer.content or "")[:20])
