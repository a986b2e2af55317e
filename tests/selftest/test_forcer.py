"""Forcing is proven, not assumed: a server that says something else gives no verdict, and parsers are seen to fail."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness.catalogue.load import load_cases
from tests.harness.deployment.progress import Progress
from tests.harness.every_check import every_vocabulary
from tests.harness.forcer import Forcer
from tests.harness.judging import Judge
from tests.harness.ledger.load import load_known_issues
from tests.harness.records.case import Case
from tests.harness.records.errors import InfrastructureError
from tests.selftest.faulty_servers.correct import (
    Answer,
    Wire,
    chunks_of,
    right_answer,
    stream_wire,
    whole_of,
    whole_wire,
)
from tests.selftest.parrot import recordings_of

CASES = {case.id: case for case in load_cases() if case.topic in {"forced-core", "forced-cut"}}


Predicate = Callable[[dict[str, Any]], bool]
"""On a request."""


def never(_: dict[str, Any]) -> bool:
    return False


def always(_: dict[str, Any]) -> bool:
    return True


class Parrot:
    """Says the text that a request's grammar forces, and parses it rightly, unless it is told to be wrong."""

    def __init__(self, *, deaf: bool = False, forgets_calls: Predicate = never) -> None:
        self.deaf = deaf
        self.forgets_calls = forgets_calls

    def wire(self, request: dict[str, Any]) -> Wire:
        text = json.loads(request["structured_outputs"]["grammar"].removeprefix("root ::= "))
        case = next(case for case in CASES.values() if _is_of(case, text, request["max_tokens"]))
        answer = Answer(content="Something else." if self.deaf else case.written, cut=case.cut is not None)
        if "tools" in request and not case.debatable:
            answer = right_answer(case)
            if self.forgets_calls(request) and request["stream"]:
                answer = replace(answer, calls=())
        if request["stream"]:
            return stream_wire(chunks_of(answer, with_usage=True))
        return whole_wire(whole_of(answer))


def _is_of(case: Case, text: str, limit: int) -> bool:
    return case.text == text and (case.cut is None or len(case.written) == limit)


@contextmanager
def forcer_for(parrot: Parrot, folder: Path) -> Iterator[Forcer]:
    with recordings_of(parrot, folder) as recordings:
        forcer = Forcer(
            recordings, Judge(load_known_issues(vocabulary=every_vocabulary()), "0.32.0"), "default"
        )
        yield forcer
        forcer.close()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_right_parser_has_no_findings_under_any_split(case: Case, tmp_path: Path) -> None:
    with forcer_for(Parrot(), tmp_path) as forcer:
        judged = forcer.judged(case, "stream") + forcer.judged(case, "whole")
    assert len(judged) == len(forcer.plan(case, "stream").splits) + 1
    assert [found.finding for entry in judged for found in entry.judgements] == []


def test_a_server_that_says_something_else_gives_no_verdict(tmp_path: Path) -> None:
    with forcer_for(Parrot(deaf=True), tmp_path) as forcer, pytest.raises(InfrastructureError) as problem:
        forcer.judged(CASES["one-call"], "stream")
    assert "one-call [natural]: the text could not be forced, so nothing can be judged" in str(problem.value)
    assert "Something else." in str(problem.value)


def test_a_parser_that_forgets_calls_when_streaming_is_found_at_every_split(tmp_path: Path) -> None:
    with forcer_for(Parrot(forgets_calls=always), tmp_path) as forcer:
        judged = forcer.confirmed(CASES["one-call"], "stream")
        whole = forcer.confirmed(CASES["one-call"], "whole")
    assert {found.finding.name for entry in judged for found in entry.judgements} == {
        "expected-calls/no-answer"
    }
    assert all(entry.judgements for entry in judged)
    assert not any(entry.judgements for entry in whole)


def test_what_comes_once_in_two_attempts_depends_on_load(tmp_path: Path) -> None:
    """An unexplained finding is recorded again on a quiet server, and counts only if it comes each time."""
    parrot = Parrot(forgets_calls=always)
    with forcer_for(parrot, tmp_path) as forcer:
        forcer.record_side_by_side([(CASES["one-call"], "stream")], 4, Progress(lambda _: None))
        parrot.forgets_calls = never
        judged = forcer.confirmed(CASES["one-call"], "stream")
    assert not any(entry.judgements for entry in judged)
    assert {entry.note for entry in judged} == {""}, "each split shows the same: nothing is left to tell"


def test_what_one_split_alone_shows_once_is_noted(tmp_path: Path) -> None:
    parrot = Parrot(forgets_calls=lambda request: request.get("stream_interval") == 5)
    with forcer_for(parrot, tmp_path) as forcer:
        forcer.record_side_by_side([(CASES["one-call"], "stream")], 4, Progress(lambda _: None))
        parrot.forgets_calls = never
        judged = forcer.confirmed(CASES["one-call"], "stream")
    assert not any(entry.judgements for entry in judged)
    assert {entry.subject.split: entry.note for entry in judged if entry.note} == {
        "every-5": "depends on load: expected-calls/no-answer did not come each time"
    }
    recorded = [json.loads(line)["key"] for line in (tmp_path / "exchanges.jsonl").read_text().splitlines()]
    assert [key["split"] for key in recorded if key["attempt"] == 1] == ["every-5", "every-5"], (
        "both are kept"
    )


def test_requests_are_sent_once(tmp_path: Path) -> None:
    lines: list[str] = []
    with forcer_for(Parrot(), tmp_path) as forcer:
        forcer.record_side_by_side([(CASES["two-calls"], "stream")], 4, Progress(lines.append))
        forcer.judged(CASES["two-calls"], "stream")
    recorded = (tmp_path / "exchanges.jsonl").read_text().splitlines()
    assert lines[-1].startswith(f"record    {len(recorded)} exchanges")
