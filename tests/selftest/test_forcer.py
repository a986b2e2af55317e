"""Forcing is proven, not assumed: a server that says something else gives no verdict, and parsers are seen to fail."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.harness.catalogue.load import load_cases
from tests.harness.checks.registry import vocabulary
from tests.harness.deployment.progress import Progress
from tests.harness.forcer import Forcer
from tests.harness.judging import Judge
from tests.harness.ledger.load import load_known_issues
from tests.harness.records.case import Case
from tests.harness.records.errors import InfrastructureError
from tests.selftest.faulty_servers.correct import (
    Answer,
    Call,
    Wire,
    chunks_of,
    stream_wire,
    whole_of,
    whole_wire,
)
from tests.selftest.parrot import recordings_of

CASES = {case.id: case for case in load_cases() if case.text is not None and case.depth == "default"}


class Parrot:
    """Says the text that a request's grammar forces, and parses it rightly, unless it is told to be wrong."""

    def __init__(self, *, deaf: bool = False, forgets_calls: bool = False) -> None:
        self.deaf = deaf
        self.forgets_calls = forgets_calls

    def wire(self, request: dict[str, Any]) -> Wire:
        text = json.loads(request["structured_outputs"]["grammar"].removeprefix("root ::= "))
        case = next(case for case in CASES.values() if case.text == text)
        answer = Answer(content="Something else." if self.deaf else text)
        if "tools" in request and not case.debatable:
            calls = tuple(
                Call(call.name, json.dumps(call.arguments, ensure_ascii=False)) for call in case.calls
            )
            answer = Answer(() if self.forgets_calls and request["stream"] else calls, case.content)
        if request["stream"]:
            return stream_wire(chunks_of(answer, with_usage=True))
        return whole_wire(whole_of(answer))


@contextmanager
def forcer_for(parrot: Parrot, folder: Path) -> Iterator[Forcer]:
    with recordings_of(parrot, folder) as recordings:
        forcer = Forcer(recordings, Judge(load_known_issues(vocabulary=vocabulary()), "0.32.0"), "default")
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
    with forcer_for(Parrot(forgets_calls=True), tmp_path) as forcer:
        judged = forcer.confirmed(CASES["one-call"], "stream")
        whole = forcer.confirmed(CASES["one-call"], "whole")
    assert {found.finding.name for entry in judged for found in entry.judgements} == {
        "expected-calls/no-answer"
    }
    assert all(entry.judgements for entry in judged)
    assert not any(entry.judgements for entry in whole)


def test_what_comes_once_in_two_attempts_depends_on_load(tmp_path: Path) -> None:
    """An unexplained finding is recorded again on a quiet server, and counts only if it comes again."""
    parrot = Parrot(forgets_calls=True)
    with forcer_for(parrot, tmp_path) as forcer:
        forcer.record_side_by_side([(CASES["one-call"], "stream")], 4, Progress(lambda _: None))
        parrot.forgets_calls = False
        judged = forcer.confirmed(CASES["one-call"], "stream")
    assert not any(entry.judgements for entry in judged)
    assert {entry.note for entry in judged} == {
        "depends on load: expected-calls/no-answer came once in two attempts"
    }


def test_requests_are_sent_once(tmp_path: Path) -> None:
    lines: list[str] = []
    with forcer_for(Parrot(), tmp_path) as forcer:
        forcer.record_side_by_side([(CASES["two-calls"], "stream")], 4, Progress(lines.append))
        forcer.judged(CASES["two-calls"], "stream")
    recorded = (tmp_path / "exchanges.jsonl").read_text().splitlines()
    assert lines[-1].startswith(f"record    {len(recorded)} exchanges")
