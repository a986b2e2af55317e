"""Single-character changes of a parser that is right at every cut: each is found, and a cut that finds it is named."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.cases.splits import is_unbounded
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.judging.judge import Judge
from tests.harness.report.cuts_shown import text_with_cut
from tests.harness.suites.sweep import SweepSuite
from tests.scripted_engine.scripted_engine.script import deltas_of, script_in_arguments
from tests.selftest.faulty_servers.correct import (
    USAGE,
    Answer,
    Call,
    Wire,
    chunk,
    introduction,
    stream_wire,
    whole_of,
    whole_wire,
    with_own_ids,
)
from tests.selftest.parrot import END_TOKEN, Request, answer_store_of
from tests.selftest.plugins import toy_parser

ASKED = (
    "plain-text",
    "array-of-numbers",
    "shortest-call",
    "two-tools",
    "escaped-slash",
    "closing-brace-in-string",
)
"""Of the cases that each run asks, few and short ones that hold what a reader of calls can get wrong."""
SOURCE = Path(toy_parser.__file__).read_text("utf-8")
CASES = [case for case in load_cases() if case.id in ASKED and is_unbounded(case)]
MUTANTS = {
    "the-first-call-is-skipped": ("self.at = 1", "self.at = 9"),
    "an-index-too-many": ("self.calls += 1", "self.calls += 2"),
    "arrays-are-words": ('if text[:1] != "["', 'if text[:1] != "{"'),
    "objects-close-twice": ("depth -= 1", "depth -= 2"),
    "strings-are-not-seen": ("in_string = letter != '\"'", 'in_string = letter != "\'"'),
    "objects-never-end": ("escaped = 0, False", "escaped = 1, False"),
    "objects-end-a-level-early": ("if depth == 0", "if depth == 1"),
    "an-object-is-cut-short": ("return at + 1", "return at + 0"),
    "brackets-open-objects": ('elif letter == "{"', 'elif letter == "["'),
    "words-without-calls-are-lost": ("self.calls == 0", "self.calls == 1"),
}


class ToyServer:
    """Says a script in the deltas that it asks for, and reads it with a toy parser."""

    def __init__(self, source: str) -> None:
        names: dict[str, Any] = {"__name__": "toy"}
        exec(compile(source, "toy_parser.py", "exec"), names)  # noqa: S102 the mutant itself
        self.parser = names["ToyParser"]
        self._numbers = count()

    def wire(self, request: Request) -> Wire:
        script = script_in_arguments(request["vllm_xargs"])
        assert script is not None
        deltas = deltas_of(script, lambda text: [ord(letter) for letter in text], END_TOKEN)
        if "tools" not in request:
            return with_own_ids(whole_wire(whole_of(Answer(content=script.text))), next(self._numbers))
        chunks = list(self._chunks(deltas))
        if request["stream"]:
            return with_own_ids(stream_wire(chunks), next(self._numbers))
        return with_own_ids(whole_wire(self._whole(script.text, deltas)), next(self._numbers))

    def _chunks(self, deltas: list[list[int]]) -> Iterator[dict[str, Any]]:
        yield chunk({"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None})
        parser, text, called = self.parser(), "", False
        for delta in deltas:
            text += "".join(chr(token) for token in delta if token != END_TOKEN)
            ends = delta[-1:] == [END_TOKEN]
            pieces = [parser.feed(text), *([parser.finish(text)] if ends else [])]
            body: dict[str, Any] = {}
            if content := "".join(piece.content for piece in pieces):
                body["content"] = content
            if calls := [_call(call) for piece in pieces for call in piece.calls]:
                body["tool_calls"], called = calls, True
            reason = ("tool_calls" if called else "stop") if ends else None
            yield chunk({"index": 0, "delta": body, "finish_reason": reason, "token_ids": delta})
        yield {**chunk(), "usage": _usage(deltas)}

    def _whole(self, text: str, deltas: list[list[int]]) -> dict[str, Any]:
        """Read at once, rightly: what is not streamed goes another way."""
        parser = toy_parser.ToyParser()
        first, last = parser.feed(text), parser.finish(text)
        calls = tuple(Call(call["name"], call["arguments"]) for call in first.calls)
        body = whole_of(Answer(calls, (first.content + last.content) or None))
        body["choices"][0]["token_ids"] = [token for delta in deltas for token in delta]
        return {**body, "usage": _usage(deltas)}


def _call(call: dict[str, Any]) -> dict[str, Any]:
    head = introduction(call["index"], call["name"])
    return {**head, "function": {"name": call["name"], "arguments": call["arguments"]}}


def _usage(deltas: list[list[int]]) -> dict[str, int]:
    made = sum(map(len, deltas))
    return {**USAGE, "completion_tokens": made, "total_tokens": USAGE["prompt_tokens"] + made}


@contextmanager
def swept(source: str, folder: Path) -> Iterator[SweepSuite]:
    with answer_store_of(ToyServer(source), folder, scripted=True) as answer_store:
        suite = SweepSuite(answer_store, Judge((), "0.33.0"), "default")
        yield suite
        suite.close()


def damaged(source: str, folder: Path) -> Iterator[JudgedAnswer]:
    with swept(source, folder) as suite:
        for case in CASES:
            yield from (answer for answer in suite.confirmed(case, "stream") if answer.findings)


def test_the_toy_parser_is_right_at_every_cut(tmp_path: Path) -> None:
    assert [(answer.case, answer.split, answer.names) for answer in damaged(SOURCE, tmp_path)] == []


@pytest.mark.parametrize("name", MUTANTS)
def test_a_change_of_a_single_character_is_found(name: str, tmp_path: Path) -> None:
    right, wrong = MUTANTS[name]
    assert SOURCE.count(right) == 1
    first = next(damaged(SOURCE.replace(right, wrong), tmp_path), None)
    assert first is not None, "no cut shows it"
    text = next(case.text or "" for case in CASES if case.id == first.case)
    where = f"{first.case} [{first.split}] {text_with_cut(text, first.cut or ())}"
    sys.stdout.write(f"{name}: {where}: {', '.join(sorted(first.names))}\n")  # seen with -rP
