"""The verdict: each row seen."""

import pytest

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.known_issue import KnownIssue, Shows
from tests.harness.core.records.outcome import Judgement, Outcome, Result
from tests.harness.gate.verdict import decide, shown_issues

ISSUE = KnownIssue(
    id="twice", versions=">=0.1", parsers=("xlam",), modes=("stream",), splits=("natural",), tags=(),
    shows=(Shows("arguments-json", ("glued-twice",)),), strength="must", harm="wrong-call", why="w",
    upstream="unreported", last_seen="0.32.0",
)  # fmt: skip


def outcome(result: Result, known: str | None = None, note: str = "", item: str = "i") -> Outcome:
    finding = Finding("arguments-json", "glued-twice", "twice")
    judgements = (
        (Judgement(finding, "c", "stream", "natural", 1, known),) if result in {"failed", "known"} else ()
    )
    return Outcome(item, "d", "c", "stream", result, judgements, note=note)


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ([], "NO VERDICT"),
        ([outcome("not-applicable")], "NO VERDICT"),
        ([outcome("passed")], "GO"),
        ([outcome("passed"), outcome("known", "twice")], "GO"),
        ([outcome("passed"), outcome("unstable")], "GO"),
        ([outcome("passed"), outcome("failed")], "NO-GO"),
        ([outcome("failed"), outcome("infrastructure", note="the server died\nlog")], "NO VERDICT"),
        ([outcome("passed"), outcome("error", note="KeyError: 'x'")], "NO VERDICT"),
    ],
)
def test_without_a_baseline(outcomes: list[Outcome], word: str) -> None:
    assert decide(outcomes, [ISSUE], [], []).word == word


def test_exit_statuses() -> None:
    statuses = [
        decide(found, [], [], []).exit_status for found in ([outcome("passed")], [outcome("failed")], [])
    ]
    assert statuses == [0, 1, 10]


def test_a_stale_must_entry_blocks() -> None:
    verdict = decide([outcome("passed")], [ISSUE], [ISSUE], [])
    assert verdict.word == "NO-GO"
    assert "stale entry twice" in verdict.reason


def test_a_harm_can_be_told_to_block() -> None:
    known = [outcome("known", "twice")]
    assert decide(known, [ISSUE], [], ["cosmetic"]).word == "GO"
    assert decide(known, [ISSUE], [], ["wrong-call"]).word == "NO-GO"


def test_the_reason_is_one_line() -> None:
    verdict = decide([outcome("infrastructure", note="the server died\nlong log")], [], [], [])
    assert verdict.reason == "the infrastructure failed in 1 case: the server died"


def test_an_issue_is_counted_once_an_item() -> None:
    twice = outcome("known", "twice")
    doubled = Outcome(**{**twice.__dict__, "judgements": twice.judgements * 2})
    assert shown_issues([doubled, twice]) == {"twice": 2}


def test_an_outcome_survives_the_way_to_the_controller() -> None:
    before = outcome("known", "twice", "ü\n")
    assert Outcome.from_json(before.to_json()) == before
