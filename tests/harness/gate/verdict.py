"""The word: one function makes it, from a run, a baseline, the ledger and what the user asks for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from tests.harness.core.records.comparison import Comparison
from tests.harness.core.records.known_issue import Blocking, KnownIssue
from tests.harness.core.records.outcome import JUDGED, Outcome, Result, known_issue_counts
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Obstacle, Reason, Verdict, no_verdict
from tests.harness.gate.causes import causes_of
from tests.harness.gate.compare import compare
from tests.harness.gate.decision_table import Rules
from tests.harness.gate.wording import count_of, first_line
from tests.harness.judging.ledger.staleness import StaleEntries, stale_entries_of
from tests.harness.judging.ledger.versions import covers

MOST_UNSTABLE = 0.02
"""Share of the judged items that may show an unexplained finding which does not last.

Runs of a good server show none to five of 934 (at most half a percent), on a busy machine too; a defect that shows in
half of all streams makes a quarter of them unstable and is caught. One item alone is always let through: it may be the
moment's.
"""
_BROKEN: tuple[tuple[Result, Obstacle, str], ...] = (
    ("infrastructure", "infrastructure", "the infrastructure"),
    ("error", "suite-error", "the suite itself"),
)


@dataclass(frozen=True)
class Policy:
    """What the user asks of a verdict."""

    block: Sequence[Blocking] = ()
    """`--block`."""
    accept_known: Collection[str] = ()
    """`--accept-known`: known issues that a baseline did not show, and that are let through."""


@dataclass(frozen=True)
class Decision:
    """The verdict on a run, and what it rests on."""

    verdict: Verdict
    entries: StaleEntries
    """Entries of the ledger that the run should have shown."""
    comparison: Comparison | None = None
    """Against the baseline, if there is one."""


def verdict_of(
    run: Run, baseline: Run | None, ledger: Sequence[KnownIssue], policy: Policy = Policy()
) -> Decision:
    """Return the word for a run, and why.

    Without a baseline the ledger decides: what it does not explain blocks. With one, what got worse blocks. Whatever
    makes a verdict impossible (`records.verdict.Obstacle`) comes first.
    """
    entries = stale_entries_of(run, ledger)
    obstacle = _obstacle(run, baseline)
    comparison = None
    if baseline is not None and (obstacle is None or not run.obstacles):
        comparison = compare(baseline, run, _rules(run, baseline, ledger, entries, policy))
        if obstacle is None and not any(row.before and row.after for row in comparison.rows):
            obstacle = no_verdict("nothing-in-common", "the two runs have no judged answer in common")
    reasons = list(_blocking(run, comparison, ledger, entries, policy))
    verdict = obstacle or _word(reasons, comparison)
    incomplete = next(
        (obstacle for obstacle in run.obstacles if obstacle.kind == "incomplete-recording"), None
    )
    if incomplete and verdict.word != "NO VERDICT":
        verdict = no_verdict("incomplete-recording", f"{incomplete.text}: {verdict.word} as far as it goes")
    return Decision(verdict.of_part(run.partial), entries, comparison)


def saved_verdict(run: Run) -> Verdict:
    """Return what was said of a run when it ended, as its file has it."""
    if run.footer is None:
        return no_verdict(
            "incomplete-run", "the run is incomplete: its session was ended before its last line"
        )
    return Verdict(run.footer.word, (Reason("saved", run.footer.reason),), run.partial)


def _obstacle(run: Run, baseline: Run | None) -> Verdict | None:
    """Return why there can be no verdict; None: there can be one."""
    for obstacle in run.obstacles:
        if obstacle.kind != "incomplete-recording":
            return Verdict("NO VERDICT", (obstacle,))
    sides = [("the candidate: ", run), ("the baseline: ", baseline)] if baseline else [("", run)]
    for name, side in sides:
        if side and (broken := _broken(side.outcomes)):
            return Verdict("NO VERDICT", (replace(broken, text=f"{name}{broken.text}"),))
    if not any(outcome.result in JUDGED for outcome in run.outcomes):
        return no_verdict("nothing-judged", "nothing was judged")
    return None


def _broken(outcomes: Sequence[Outcome]) -> Reason | None:
    """Return why outcomes can have no verdict at all; None if they can."""
    for result, kind, what in _BROKEN:
        broken = [outcome for outcome in outcomes if outcome.result == result]
        if broken:
            failed = count_of(len(broken), "item", "items")
            return Reason(kind, f"{what} failed in {failed}: {first_line(broken[0].note)}")
    return None


def _word(reasons: Sequence[Reason], comparison: Comparison | None) -> Verdict:
    if reasons:
        return Verdict("NO-GO", tuple(reasons))
    if comparison is not None:
        return Verdict("GO", (Reason("nothing-worse", "nothing got worse"),))
    return Verdict("GO", (Reason("nothing-unexplained", "nothing unexplained"),))


def _blocking(
    run: Run,
    comparison: Comparison | None,
    ledger: Sequence[KnownIssue],
    entries: StaleEntries,
    policy: Policy,
) -> Iterator[Reason]:
    """Yield all that is in the way, what is about single answers first."""
    judged = [outcome for outcome in run.outcomes if outcome.result in JUDGED]
    failed_before = comparison is not None and comparison.before.first_failure
    if run.header.first_failure and not failed_before:
        yield Reason(
            "first-question",
            f"the server failed at the first question with tools: {run.header.first_failure}",
        )
    if comparison is not None:
        yield from comparison.reasons
    elif failed := [outcome for outcome in judged if outcome.result == "failed"]:
        items = count_of(len(failed), "item", "items")
        causes = len(causes_of(failed))
        of_causes = f" of {count_of(causes, 'cause', 'causes')}" if len(failed) > 1 else ""
        yield Reason("unexplained", f"{items} with unexplained findings{of_causes}")
    for issue in entries.stale:
        yield Reason("stale", f"stale entry {issue.id}: it says `must` and did not show")
    shown = known_issue_counts(judged)
    for issue in ledger:
        if issue.id in shown and issue.harm in policy.block:
            yield Reason("harm", f"known issue {issue.id} ({issue.harm}) blocks by --block")
    yield from _unstable(judged)


def _unstable(judged: Sequence[Outcome]) -> Iterator[Reason]:
    """Yield a reason where more items are unstable than the moment explains."""
    unstable = [outcome for outcome in judged if any(answer.intermittent for answer in outcome.answers)]
    if len(unstable) > max(1.0, MOST_UNSTABLE * len(judged)):
        share = f"{len(unstable) / len(judged):.1%} of {len(judged)}, at most {MOST_UNSTABLE:.0%}"
        yield Reason(
            "unstable",
            f"{count_of(len(unstable), 'item', 'items')} with unexplained findings that come and go ({share})",
        )


def _rules(
    run: Run, baseline: Run, ledger: Sequence[KnownIssue], entries: StaleEntries, policy: Policy
) -> Rules:
    shown = known_issue_counts(baseline.outcomes)
    version = run.header.ledger_version
    return Rules(
        stale=[issue.id for issue in entries.stale],
        fixed=[issue.id for issue in entries.fixed],
        by_chance=[
            issue.id
            for issue in ledger
            if issue.strength == "may" and issue.id in shown and covers(issue, version)
        ],
        accepted=policy.accept_known,
        changes_block="changed" in policy.block,
        partial=run.partial,
    )
