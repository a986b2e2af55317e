from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The marker before the calls, and the beginning of their JSON, show up as text."
FINDINGS = {"stream": {"content/marker-leak"}, "whole": {"content/marker-leak"}}


def answer(answer: Answer) -> Answer:
    return replace(answer, content='<tool_call>[{"name": "get_weather", ')
