from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Half of the marker before the calls shows up as text."
FINDINGS = {"stream": {"content/marker-leak"}, "whole": {"content/marker-leak"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, content="On it. <tool_c")
