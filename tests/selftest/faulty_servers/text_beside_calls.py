from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Text comes beside the calls."
FINDINGS = {"stream": {"content/unexpected-text"}, "whole": {"content/unexpected-text"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, content="Let me look that up.")
