"""What a reader of lines makes of a stream, and what is counted of one and never judged."""

from typing import Any

import pytest

from tests.harness.suites.clients.chat import chunks_in_lines, crowded
from tests.selftest.recording.samples import DONE, delta, exchange
from tests.selftest.scripted import sse


def chunk(function: object, finish_reason: str | None = None) -> bytes:
    body: dict[str, Any] = delta(tool_calls=[{"index": 0, "function": function}])
    body["choices"][0]["finish_reason"] = finish_reason
    return sse(body)


def counts(*chunks: bytes) -> dict[str, float]:
    figures = crowded(exchange(*chunks, DONE), "tokyo")
    return {figure.name.partition(", ")[0]: figure.samples[0] for figure in figures}


NAMED, ENDED = "chunks with a call's name and arguments", "chunks with arguments and the end"


def test_apart_is_nothing_to_count() -> None:
    told = counts(chunk({"name": "f"}), chunk({"arguments": "{}"}), chunk({}, "tool_calls"))
    assert told == {NAMED: 0, ENDED: 0}


def test_at_once_is_counted() -> None:
    told = counts(chunk({"name": "f", "arguments": "{"}), chunk({"arguments": "}"}, "tool_calls"))
    assert told == {NAMED: 1, ENDED: 1}


def test_whatever_a_server_sends_can_be_counted() -> None:
    odd = [sse({"choices": [{"delta": {"tool_calls": [None, {"function": []}]}}]}), sse({"choices": 1})]
    assert counts(*odd, chunk(None), sse([])) == {NAMED: 0, ENDED: 0}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_letters_at_which_python_ends_lines_are_part_of_one(end: str) -> None:
    lines = ('data: {"choices": ["a\u2028b\x85c"]}', "", ": a comment", "data: [DONE]", "")
    assert chunks_in_lines(end.join(lines)) == [{"choices": ["a\u2028b\x85c"]}]
