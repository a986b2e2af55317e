"""Forced answers whose frames name their tokens: how the stream was cut is read from them, whatever was asked for."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.known_issue import KnownIssue, Shows
from tests.harness.judging.judge import Judge
from tests.harness.servers.progress import Progress
from tests.harness.suites.forced import ForcedSuite
from tests.selftest.faulty_servers.correct import (
    Answer,
    Wire,
    chunk,
    chunks_of,
    right_answer,
    stream_wire,
    whole_of,
    whole_wire,
    with_own_ids,
)
from tests.selftest.judging.ledger.entries import issue
from tests.selftest.parrot import END_TOKEN, Request, answer_store_of

CASE = next(case for case in load_cases() if case.id == "one-call")
TEXT = CASE.text or ""
Deltas = list[list[int]]
ONE_MORE = [*range(1, len(TEXT) + 1), len(TEXT)]


def as_asked(request: Request) -> Deltas:
    """As many characters a delta as `stream_interval` says, and the end in one of its own."""
    size = request.get("stream_interval", 1)
    return [
        *([ord(letter) for letter in TEXT[at : at + size]] for at in range(0, len(TEXT), size)),
        [END_TOKEN],
    ]


def merged(number: int) -> Callable[[Request], Deltas]:
    """A plan that sends delta `number` together with the one behind it, as a busy server does."""

    def plan(request: Request) -> Deltas:
        deltas = as_asked(request)
        if number + 1 >= len(deltas):
            return deltas
        return [*deltas[:number], [*deltas[number], *deltas[number + 1]], *deltas[number + 2 :]]

    return plan


class NamingParrot:
    """Names the tokens of each delta; `plan` cuts the stream, `spoil` is what a parser makes of it."""

    def __init__(
        self,
        plan: Callable[[Request], Deltas] = as_asked,
        spoil: Callable[[Answer, Deltas], Answer] = lambda answer, _: answer,
        lie: Callable[[Deltas], Deltas] = lambda deltas: deltas,
    ) -> None:
        self.plan, self.spoil, self.lie = plan, spoil, lie
        self.asked: list[Request] = []

    def wire(self, request: Request) -> Wire:
        self.asked.append(request)
        deltas = self.plan(request)
        if "tools" not in request:
            answer = Answer(content=TEXT)
        else:
            answer = self.spoil(right_answer(CASE), deltas) if request["stream"] else right_answer(CASE)
        named = self.lie(deltas) if request.get("return_token_ids") else []
        count = sum(map(len, deltas))
        if not request["stream"]:
            body = whole_of(answer)
            if named:
                body["choices"][0]["token_ids"] = [token for delta in named for token in delta]
            return with_own_ids(whole_wire(_counted(body, count)), len(self.asked))
        chunks = _with_tokens(chunks_of(answer, with_usage=True), named)
        return with_own_ids(stream_wire([_counted(entry, count) for entry in chunks]), len(self.asked))


def _with_tokens(chunks: list[dict[str, Any]], named: Deltas) -> list[dict[str, Any]]:
    """The chunks of a stream; those that carry nothing but tokens go behind the first, the last delta's ends it."""
    last = next(at for at, entry in enumerate(chunks) if entry["choices"][0].get("finish_reason"))
    frames = [
        chunk({"index": 0, "delta": {}, "finish_reason": None, "token_ids": delta}) for delta in named[:-1]
    ]
    ending = chunks[last]
    if named:
        ending = {**ending, "choices": [{**ending["choices"][0], "token_ids": named[-1]}]}
    return [chunks[0], *frames, *chunks[1:last], ending, *chunks[last + 1 :]]


def _counted(body: dict[str, Any], count: int) -> dict[str, Any]:
    if "usage" not in body:
        return body
    usage = {**body["usage"], "completion_tokens": count}
    return {**body, "usage": {**usage, "total_tokens": usage["prompt_tokens"] + count}}


@contextmanager
def suite_for(
    parrot: NamingParrot, folder: Path, issues: tuple[KnownIssue, ...] = ()
) -> Iterator[ForcedSuite]:
    with answer_store_of(parrot, folder) as answer_store:
        suite = ForcedSuite(answer_store, Judge(issues, "0.32.0"), "default")
        yield suite
        suite.close()


def judged(
    parrot: NamingParrot, folder: Path, issues: tuple[KnownIssue, ...] = ()
) -> dict[str, JudgedAnswer]:
    with suite_for(parrot, folder, issues) as suite:
        return {answer.split: answer for answer in suite.confirmed(CASE, "stream")}


def names(answers: dict[str, JudgedAnswer]) -> set[str]:
    return {name for answer in answers.values() for name in answer.names}


def test_the_cut_is_read_from_the_tokens(tmp_path: Path) -> None:
    answers = judged(NamingParrot(), tmp_path)
    assert answers["char"].cut == tuple(ONE_MORE)
    assert answers["every-50"].cut == (50, len(TEXT), len(TEXT))
    assert names(answers) == set()


@pytest.mark.parametrize("number", [0, 5, len(TEXT) - 1])
def test_merged_deltas_are_seen_wherever_they_merge(number: int, tmp_path: Path) -> None:
    answers = judged(NamingParrot(merged(number)), tmp_path)
    assert answers["char"].cut == (*ONE_MORE[:number], *ONE_MORE[number + 1 :])
    assert names(answers) == set()


def test_no_echo_is_asked_where_the_tokens_prove_the_text(tmp_path: Path) -> None:
    parrot = NamingParrot()
    with suite_for(parrot, tmp_path) as suite:
        suite.record_side_by_side([(CASE, "stream")], 4, Progress(lambda _: None))
        suite.confirmed(CASE, "stream")
    assert all("tools" in request for request in parrot.asked)
    assert len(parrot.asked) == len(suite.plan(CASE, "stream").splits) + 1


def lost_behind(length: int) -> Callable[[Answer, Deltas], Answer]:
    """A parser that loses the calls of a delta longer than `length`."""
    return lambda answer, deltas: replace(answer, calls=()) if max(map(len, deltas)) > length else answer


def test_a_finding_of_a_known_cut_counts_at_once(tmp_path: Path) -> None:
    parrot = NamingParrot(merged(3), lost_behind(1))
    answers = judged(parrot, tmp_path)
    assert answers["char"].names == {"expected-calls/no-answer"}
    streamed = [request for request in parrot.asked if request["stream"]]
    assert len(streamed) == len(answers), "nothing was asked again"
    assert not any(answer.intermittent for answer in answers.values())


def test_the_ledger_is_asked_about_the_cut_that_came_and_not_about_the_split(tmp_path: Path) -> None:
    shows = (Shows("expected-calls", ("no-answer",)),)
    known = issue(cuts=("single-characters",), shows=shows)
    always = NamingParrot(spoil=lost_behind(0))
    answers = judged(always, tmp_path, (known,))
    assert answers["char"].known_issues == {"sent-twice"}
    assert answers["every-8"].unexplained == {"expected-calls/no-answer"}
    answers = judged(NamingParrot(merged(3), lost_behind(0)), tmp_path / "merged", (known,))
    assert answers["char"].unexplained == {"expected-calls/no-answer"}


def test_two_results_for_one_cut_are_a_finding_of_their_own(tmp_path: Path) -> None:
    seen: list[Deltas] = []

    def now_and_then(answer: Answer, deltas: Deltas) -> Answer:
        seen.append(deltas)
        return replace(answer, calls=()) if len(seen) == 2 else answer

    one_delta = NamingParrot(lambda _: [[*map(ord, TEXT)], [END_TOKEN]], now_and_then)
    answers = judged(one_delta, tmp_path)
    damaged = [answer for answer in answers.values() if answer.names]
    assert [answer.names for answer in damaged] == [{"expected-calls/no-answer", "same-cut/other-result"}]


@pytest.mark.parametrize(
    ("lie", "finding"),
    [
        (lambda deltas: [*deltas[:-2], deltas[-1]], {"token-ids/count", "token-ids/other-text"}),
        (lambda deltas: [[*deltas[0], ord("x")], *deltas[1:]], {"token-ids/count", "token-ids/other-text"}),
        (lambda deltas: [[ord("x")] * len(delta) for delta in deltas], {"token-ids/other-text"}),
    ],
    ids=["one-is-missing", "one-too-many", "others"],
)
def test_tokens_that_are_not_the_answer_s_are_found_by_an_echo(
    lie: Callable[[Deltas], Deltas], finding: set[str], tmp_path: Path
) -> None:
    parrot = NamingParrot(lie=lie)
    answers = judged(parrot, tmp_path)
    assert names(answers) == finding
    assert any("tools" not in request for request in parrot.asked)


def test_a_text_that_was_not_written_is_no_finding(tmp_path: Path) -> None:
    def deaf(_: Request) -> Deltas:
        return [[*map(ord, "Something else.")], [END_TOKEN]]

    class Deaf(NamingParrot):
        def wire(self, request: Request) -> Wire:
            if "tools" in request:
                return super().wire(request)
            return with_own_ids(stream_wire(chunks_of(Answer(content="Something else."), with_usage=True)), 7)

    with (
        suite_for(Deaf(deaf), tmp_path) as suite,
        pytest.raises(InfrastructureError, match="could not be forced"),
    ):
        suite.confirmed(CASE, "stream")


def test_a_server_that_names_no_tokens_is_echoed_and_said_so(tmp_path: Path) -> None:
    lines: list[str] = []
    parrot = NamingParrot(lie=lambda _: [])
    with suite_for(parrot, tmp_path) as suite:
        suite.record_side_by_side([(CASE, "stream")], 4, Progress(lines.append))
        answers = suite.confirmed(CASE, "stream")
    assert {answer.cut for answer in answers} == {None}
    assert any(line.startswith("tokens    the server names none") for line in lines)
    assert json.dumps(parrot.asked).count('"tools"') < len(parrot.asked)
