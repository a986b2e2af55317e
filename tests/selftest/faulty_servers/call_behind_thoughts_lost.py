from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The parser does not see a call behind a think block: all of it is text, streamed or not."
CASE = "after-thinking"
FINDINGS = {"stream": {"expected-calls/calls-as-text"}, "whole": {"expected-calls/calls-as-text"}}
TEXT = '[{"name": "calculate_expression", "arguments": {"expression": "25 * 17 + 31"}}]'


def answer(right: Answer) -> Answer:
    return replace(right, calls=(), content=f"{right.content}\n\n{TEXT}")
