"""Forcing is proven, not assumed: a server that says something else gives no verdict, and parsers are seen to fail."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.case import MODES, Case
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.judging.judge import Judge
from tests.harness.servers.progress import Progress
from tests.harness.session.ledger import read_ledger
from tests.harness.suites.forced import ForcedSuite
from tests.selftest.faulty_servers.correct import (
    Answer,
    Wire,
    chunks_of,
    right_answer,
    stream_wire,
    whole_of,
    whole_wire,
    with_own_ids,
)
from tests.selftest.parrot import ReadingParrot, Spoil, answer_store_of, forced_text
from tests.selftest.reference_reader import UNDOCUMENTED

CASES = {case.id: case for case in load_cases() if case.topic in {"forced-core", "forced-cut"}}


Predicate = Callable[[dict[str, Any]], bool]
"""On a request."""


def never(_: dict[str, Any]) -> bool:
    return False


def always(_: dict[str, Any]) -> bool:
    return True


FAILURE = whole_wire({"error": {"message": "boom", "type": "InternalServerError", "code": 500}})
"""With its status, or as the one frame of a stream."""


class Parrot:
    """Says the text that a request's grammar forces, and parses it rightly, unless it is told to be wrong."""

    def __init__(
        self, *, deaf: bool = False, forgets_calls: Predicate = never, fails: Predicate = never
    ) -> None:
        self.deaf = deaf
        self.fails = fails
        self.forgets_calls = forgets_calls
        self._numbers = count(1)

    def wire(self, request: dict[str, Any]) -> Wire:
        if self.fails(request):
            return FAILURE
        text = json.loads(request["structured_outputs"]["grammar"].removeprefix("root ::= "))
        case = next(case for case in CASES.values() if _is_of(case, text, request["max_tokens"]))
        answer = Answer(
            content="Something else." if self.deaf else case.emitted_text, cut=case.cut is not None
        )
        if "tools" in request:
            answer = right_answer(case)
            if self.forgets_calls(request) and request["stream"]:
                answer = replace(answer, calls=())
        number = next(self._numbers)
        if request["stream"]:
            return with_own_ids(stream_wire(chunks_of(answer, with_usage=True)), number)
        return with_own_ids(whole_wire(whole_of(answer)), number)


def _is_of(case: Case, text: str, limit: int) -> bool:
    return case.text == text and (case.cut is None or len(case.emitted_text) == limit)


@contextmanager
def forcer_for(
    parrot: Parrot, folder: Path, issues: tuple[KnownIssue, ...] | None = None
) -> Iterator[ForcedSuite]:
    """`issues`: the ledger; the real one if None."""
    with answer_store_of(parrot, folder) as answer_store:
        known = read_ledger() if issues is None else issues
        forced_suite = ForcedSuite(answer_store, Judge(known, "0.32.0"), "default")
        yield forced_suite
        forced_suite.close()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_right_parser_has_no_findings_under_any_split(case: Case, tmp_path: Path) -> None:
    with forcer_for(Parrot(), tmp_path) as forced_suite:
        judged = forced_suite.confirmed(case, "stream") + forced_suite.confirmed(case, "whole")
    assert len(judged) == len(forced_suite.plan(case, "stream").splits) + 1
    assert [found.finding for entry in judged for found in entry.findings] == []
    assert [entry.intermittent for entry in judged if entry.intermittent] == []


def test_a_server_that_says_something_else_gives_no_verdict(tmp_path: Path) -> None:
    with (
        forcer_for(Parrot(deaf=True), tmp_path) as forced_suite,
        pytest.raises(InfrastructureError) as problem,
    ):
        forced_suite.confirmed(CASES["one-call"], "stream")
    assert "one-call [natural]: the text could not be forced, so nothing can be judged" in str(problem.value)
    assert "Something else." in str(problem.value)


@pytest.mark.parametrize(
    ("wire", "found"),
    [
        (replace(FAILURE, status=500), "http-status/server-error"),
        (
            Wire(200, "text/event-stream", (b"data: " + FAILURE.pieces[0] + b"\n\n", b"data: [DONE]\n\n")),
            "stream-frames/error-frame",
        ),
    ],
)
def test_a_server_that_fails_at_an_echo_is_broken(
    wire: Wire, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No request is plainer: that is a finding about the server, with the frame that shows it, and no obstacle."""
    monkeypatch.setattr(f"{__name__}.FAILURE", wire)
    with forcer_for(Parrot(fails=lambda request: "tools" not in request), tmp_path) as forced_suite:
        for mode in MODES:
            judged = forced_suite.confirmed(CASES["one-call"], mode)
            assert {(entry.mode, *entry.names) for entry in judged} == {("stream", found)}, (
                "as the echo is asked"
            )
            shown = forced_suite.recorded_answer(judged[0].exchange)
            assert shown
            assert b"boom" in shown.exchange.body


def test_a_parser_that_forgets_calls_when_streaming_is_found_at_every_split(tmp_path: Path) -> None:
    with forcer_for(Parrot(forgets_calls=always), tmp_path) as forced_suite:
        judged = forced_suite.confirmed(CASES["one-call"], "stream")
        whole = forced_suite.confirmed(CASES["one-call"], "whole")
    assert {found.finding.name for entry in judged for found in entry.findings} == {
        "expected-calls/no-answer"
    }
    assert all(entry.findings for entry in judged)
    assert not any(entry.findings for entry in whole)


def test_what_does_not_come_each_time_depends_on_load(tmp_path: Path) -> None:
    """An unexplained finding is recorded again on a quiet server, and counts only if it comes each time."""
    parrot = Parrot(forgets_calls=always)
    with forcer_for(parrot, tmp_path) as forced_suite:
        forced_suite.record_side_by_side([(CASES["one-call"], "stream")], 4, Progress(lambda _: None))
        parrot.forgets_calls = never
        judged = forced_suite.confirmed(CASES["one-call"], "stream")
    assert not any(entry.findings for entry in judged)
    assert {entry.note for entry in judged} == {"depends on load: expected-calls/no-answer came 1 of 2 times"}


def test_what_one_split_alone_shows_once_is_noted(tmp_path: Path) -> None:
    parrot = Parrot(forgets_calls=lambda request: request.get("stream_interval") == 5)
    with forcer_for(parrot, tmp_path) as forced_suite:
        forced_suite.record_side_by_side([(CASES["one-call"], "stream")], 4, Progress(lambda _: None))
        parrot.forgets_calls = never
        judged = forced_suite.confirmed(CASES["one-call"], "stream")
    assert not any(entry.findings for entry in judged)
    assert {entry.split: entry.note for entry in judged if entry.note} == {
        "every-5": "depends on load: expected-calls/no-answer came 1 of 2 times"
    }
    recorded = [json.loads(line)["key"] for line in (tmp_path / "exchanges.jsonl").read_text().splitlines()]
    assert [key["split"] for key in recorded if key["attempt"] == 1] == ["every-5", "every-5"], (
        "both are kept"
    )


def test_what_another_split_shows_for_good_is_not_told_again(tmp_path: Path) -> None:
    parrot = Parrot(forgets_calls=lambda request: request.get("stream_interval") in {5, 8})
    with forcer_for(parrot, tmp_path) as forced_suite:
        forced_suite.record_side_by_side([(CASES["one-call"], "stream")], 4, Progress(lambda _: None))
        parrot.forgets_calls = lambda request: request.get("stream_interval") == 8
        judged = forced_suite.confirmed(CASES["one-call"], "stream")
    assert {entry.split for entry in judged if entry.findings} == {"every-8"}
    assert {entry.note for entry in judged} == {""}


@pytest.mark.parametrize("times", [1, 2])
def test_where_no_cut_is_known_what_is_unexplained_has_to_come_twice(times: int, tmp_path: Path) -> None:
    seen: Counter[int] = Counter()

    def at_first(request: dict[str, Any]) -> bool:
        interval = request.get("stream_interval", 0)
        seen[interval] += request["stream"] and "tools" in request
        return interval == 5 and seen[interval] <= times

    with forcer_for(Parrot(forgets_calls=at_first), tmp_path, ()) as forced_suite:
        judged = forced_suite.confirmed(CASES["one-call"], "stream")
    found = {shown.finding.name for answer in judged for shown in answer.findings}
    lasts = times > 1
    assert found == ({"expected-calls/no-answer"} if lasts else set())
    noted = "depends on load: expected-calls/no-answer came 1 of 2 times"
    assert {answer.note for answer in judged if answer.note} == (set() if lasts else {noted})


AMBIGUOUS = [
    case
    for case in load_cases()
    if case.readings and case.depth == "default" and case.topic not in UNDOCUMENTED
]
BEHIND_THOUGHTS = [case for case in AMBIGUOUS if case.calls]


@contextmanager
def reading_forcer(spoil: Spoil, folder: Path) -> Iterator[ForcedSuite]:
    """Texts are read by the documents, and spoiled; nothing is known to be broken."""
    with answer_store_of(ReadingParrot(spoil), folder) as answer_store:
        forced_suite = ForcedSuite(answer_store, Judge((), "0.32.0"), "default")
        yield forced_suite
        forced_suite.close()


def test_texts_of_several_readings_are_right_as_the_documents_have_them(tmp_path: Path) -> None:
    with reading_forcer(lambda answer, _: answer, tmp_path) as forced_suite:
        for case, mode in product(AMBIGUOUS, MODES):
            assert [entry.names for entry in forced_suite.confirmed(case, mode) if entry.findings] == []


def test_a_parser_that_sees_no_call_behind_thoughts_is_found_by_default_in_either_mode(
    tmp_path: Path,
) -> None:
    """It agrees with itself, so that nothing but the call that is due tells of it."""

    def spoil(answer: Answer, request: dict[str, Any]) -> Answer:
        text = forced_text(request)
        return Answer(content=text) if "</think>" in text else answer

    assert len(BEHIND_THOUGHTS) > 5
    with reading_forcer(spoil, tmp_path) as forced_suite:
        for case, mode in product(BEHIND_THOUGHTS, MODES):
            assert {name for entry in forced_suite.confirmed(case, mode) for name in entry.names} == {
                "expected-calls/calls-as-text"
            }


def test_requests_are_sent_once(tmp_path: Path) -> None:
    lines: list[str] = []
    with forcer_for(Parrot(), tmp_path) as forced_suite:
        forced_suite.record_side_by_side([(CASES["two-calls"], "stream")], 4, Progress(lines.append))
        forced_suite.confirmed(CASES["two-calls"], "stream")
    recorded = (tmp_path / "exchanges.jsonl").read_text().splitlines()
    assert lines[-1].startswith(f"record    {len(recorded)} exchanges")
