"""The verdict: each reason for each word seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, Intermittent, JudgedAnswer
from tests.harness.core.records.known_issue import Harm, KnownIssue, Shows
from tests.harness.core.records.outcome import Outcome, Result, known_issue_counts
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Reason, Verdict
from tests.harness.gate.verdict import MOST_UNSTABLE, Policy, saved_verdict, verdict_of
from tests.selftest.gate.runs import HEADER

ISSUE = KnownIssue(
    id="twice", versions=">=0.1", parsers=("xlam",), modes=("stream",), cuts=(), tags=(),
    shows=(Shows("arguments-json", ("glued-twice",)),), strength="must", harm="wrong-call", why="w",
    users="streamed arguments arrive twice", upstream="unreported", last_seen="0.32.0",
)  # fmt: skip


def outcome(result: Result, known: str | None = None, note: str = "", item: str = "i") -> Outcome:
    finding = Finding("arguments-json", "glued-twice", "twice")
    findings = (ExplainedFinding(finding, known),) if result in {"failed", "known"} else ()
    answer = JudgedAnswer("c", "stream", "natural", 1, "", "r", findings)
    return Outcome(item, "d", "c", "stream", result, (answer,), note=note)


def decide(outcomes: list[Outcome], *block: Harm, partial: bool = False) -> Verdict:
    run = Run(Path("d"), HEADER, tuple(outcomes), None, partial)
    return verdict_of(run, None, [ISSUE], Policy(block)).verdict


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
    assert decide(outcomes).word == word


def test_exit_statuses() -> None:
    statuses = [decide(found).exit_status for found in ([outcome("passed")], [outcome("failed")], [])]
    assert statuses == [0, 1, 10]


def test_a_stale_must_entry_blocks() -> None:
    silent = outcome("passed")
    silent = replace(
        silent, answers=(replace(silent.answers[0], must_due=("twice",), must_covering=("twice",)),)
    )
    verdict = decide([silent])
    assert (verdict.word, verdict.reasons[0].kind) == ("NO-GO", "stale")
    assert "stale entry twice" in verdict.reason
    assert decide([silent], partial=True).word == "GO", "a part of the items makes nothing stale"


def test_an_answer_with_an_unexplained_finding_makes_no_entry_stale() -> None:
    """A parser that raises hides every known defect, and has fixed none."""
    broken = outcome("failed")
    due = {"must_due": ("twice",), "must_covering": ("twice",)}
    broken = replace(broken, answers=(replace(broken.answers[0], **due),))
    decision = verdict_of(Run(Path("d"), HEADER, (broken,), None), None, [ISSUE])
    assert (decision.entries.stale, decision.entries.fixed) == ((), ())
    assert [reason.kind for reason in decision.verdict.reasons] == ["unexplained"]


def test_a_failure_at_the_first_question_blocks_unless_the_baseline_failed_too() -> None:
    broken = Run(Path("d"), replace(HEADER, first_failure="status 500: boom"), (outcome("passed"),), None)
    sound = replace(broken, header=HEADER)
    for baseline in (None, sound):
        verdict = verdict_of(broken, baseline, [ISSUE]).verdict
        assert (verdict.word, verdict.reasons[0].kind) == ("NO-GO", "first-question")
        assert "failed at the first question with tools: status 500: boom" in verdict.reason
    assert verdict_of(broken, broken, [ISSUE]).verdict.word == "GO"
    assert verdict_of(sound, broken, [ISSUE]).verdict.word == "GO"


def test_a_harm_can_be_told_to_block() -> None:
    known = [outcome("known", "twice")]
    assert decide(known, "cosmetic").word == "GO"
    assert decide(known, "wrong-call").word == "NO-GO"


def test_the_reason_is_one_line() -> None:
    verdict = decide([outcome("infrastructure", note="the server died\nlong log")])
    assert verdict.reason == "the infrastructure failed in 1 item: the server died"


def test_an_issue_is_counted_once_an_item() -> None:
    twice = outcome("known", "twice")
    doubled = replace(twice, answers=twice.answers * 2)
    assert known_issue_counts([doubled, twice]) == {"twice": 2}


def test_an_outcome_survives_the_way_to_the_controller() -> None:
    before = outcome("known", "twice", "ü\n")
    assert Outcome.from_json(before.to_json()) == before


def unstable(number: int) -> list[Outcome]:
    """Return so many items with a finding that did not last, each of its own name."""
    shown = outcome("unstable")
    flaky = replace(shown.answers[0], intermittent=(Intermittent("content/lost", "1 of 2 times"),))
    return [replace(shown, item=f"u{at}", answers=(flaky,)) for at in range(number)]


@pytest.mark.parametrize(
    ("flaky", "steady", "word"), [(1, 0, "GO"), (2, 0, "NO-GO"), (2, 98, "GO"), (3, 97, "NO-GO")]
)
def test_more_unstable_items_than_the_moment_explains_block(flaky: int, steady: int, word: str) -> None:
    items = [*unstable(flaky), *(outcome("passed", item=f"p{at}") for at in range(steady))]
    verdict = decide(items)
    assert verdict.word == word
    if word == "NO-GO":
        share = f"({flaky / len(items):.1%} of {len(items)}, at most {MOST_UNSTABLE:.0%})"
        assert verdict.reason == f"{flaky} items with unexplained findings that come and go {share}"


def test_a_model_that_words_its_answers_anew_is_no_unstable_item() -> None:
    assert (
        decide([replace(outcome("unstable", note="model unstable"), item=f"m{at}") for at in range(9)]).word
        == "GO"
    )


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [([outcome("passed")], "GO (part)"), ([outcome("failed")], "NO-GO (part)"), ([], "NO VERDICT")],
)
def test_a_narrowed_run_says_so(outcomes: list[Outcome], shown: str) -> None:
    assert decide(outcomes, partial=True).shown == shown


def test_what_the_session_alone_knows_comes_first() -> None:
    lost = Reason("worker-lost", "the worker gw0 that tested it was lost")
    run = Run(Path("d"), HEADER, (outcome("passed"),), None, obstacles=(lost,))
    assert verdict_of(run, None, [ISSUE]).verdict == Verdict("NO VERDICT", (lost,))


def test_an_incomplete_recording_says_what_it_came_to() -> None:
    part = Reason("incomplete-recording", "the recorded run is incomplete")
    run = Run(Path("d"), HEADER, (outcome("passed"),), None, obstacles=(part,))
    assert (
        verdict_of(run, None, [ISSUE]).verdict.reason
        == "the recorded run is incomplete: GO as far as it goes"
    )


def test_a_run_without_its_last_line_is_never_clean() -> None:
    verdict = saved_verdict(Run(Path("d"), HEADER, (outcome("passed"),), None))
    assert (verdict.word, verdict.reasons[0].kind) == ("NO VERDICT", "incomplete-run")
