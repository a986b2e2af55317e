from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The end of the calls' JSON shows up as text."
FINDINGS = {"stream": {"content/json-leak"}, "whole": {"content/json-leak"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, content='"}}]')
