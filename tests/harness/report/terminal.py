"""The verdict as people read it in a terminal."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.outcome import NOT_RECORDED, RETOLD, Outcome, known_issue_counts
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Verdict

_LISTED = 20
_WITH_NOTES = {"unstable", "known", "failed"}
"""Results beside which a note says that something did not come each time, or that a model is unstable."""
_HARMS = {"outage": "outage", "wrong-call": "wrong call", "lost-text": "lost text", "cosmetic": "cosmetic"}


def verdict_lines(
    run: Run,
    verdict: Verdict,
    title: str,
    issues: Sequence[KnownIssue],
    elapsed_s: float,
    compared: Sequence[str] = (),
) -> list[str]:
    """Return the word first, then what blocks, then what is known, then what does not apply.

    `compared` is what a baseline has to say; then unexplained findings block only where they are in it.
    """
    outcomes, shown = run.outcomes, known_issue_counts(run.outcomes)
    known = f"{len(shown)} known issue{'' if len(shown) == 1 else 's'}"
    head = f"{title}: {_count(outcomes)}, {known}, {verdict.reason}"
    lines = [f"{verdict.shown:<9} {head}{_duration(elapsed_s):>12}"]
    lines += compared or _unexplained(outcomes)
    lines += _harmed(outcomes, issues)
    for issue in issues:
        if issue.id in shown:
            items = f"{shown[issue.id]} item{'' if shown[issue.id] == 1 else 's'}"
            lines.append(
                f"{'':<9} known   {issue.id:<28} {items:<9} {_HARMS[issue.harm]:<11} {issue.upstream}"
            )
    left_out = (outcome.note for outcome in outcomes if outcome.result == "not-applicable")
    lines += _counted("n/a", "item", left_out)
    lines += _counted("n/a", "split", (reason for outcome in outcomes for reason in outcome.not_applicable))
    unstable = (outcome.note for outcome in outcomes if outcome.result in _WITH_NOTES and outcome.note)
    return lines + _counted("unstable", "item", unstable)


def _harmed(outcomes: Sequence[Outcome], issues: Sequence[KnownIssue]) -> list[str]:
    """Return the line that says how many cases show a known defect that harms users; none if none does."""
    harmful = {issue.id for issue in issues if issue.harm != "cosmetic"}
    harmed = {outcome.case for outcome in outcomes if outcome.known_issues & harmful}
    cases = len({outcome.case for outcome in outcomes})
    return [f"{'':<9} your users will meet known defects in {len(harmed)} of {cases} cases"] if harmed else []


def replay_lines(run: Run, recorded: Run, narrowed: bool) -> list[str]:
    """Return what a replay could not judge, and what was recorded and is not asked any more.

    `narrowed`: a filter left items out.
    """
    reasons = [outcome.note for outcome in run.outcomes if outcome.result == "not-recorded"]
    reasons += [
        reason.removeprefix(NOT_RECORDED)
        for outcome in run.outcomes
        for reason in outcome.not_applicable
        if reason.startswith(NOT_RECORDED)
    ]
    asked = {outcome.name for outcome in run.outcomes}
    gone = [] if narrowed else [outcome.name for outcome in recorded.outcomes if outcome.name not in asked]
    reasons += [f"{name.rpartition('::')[2]} was recorded and is not asked today" for name in gone]
    counts = Counter(reasons)
    lines = [
        f"{'':<9} coverage {f'{count} times: ' if count > 1 else ''}{reason}"
        for reason, count in counts.most_common(_LISTED)
    ]
    if len(counts) > _LISTED:
        lines.append(f"{'':<9} coverage and {len(counts) - _LISTED} changes more, all in the run file")
    retold = sum(outcome.note.startswith(RETOLD) for outcome in run.outcomes)
    return lines + (
        [f"{'':<9} retold   {retold} items as they were recorded: they need a server"] if retold else []
    )


def _unexplained(outcomes: Sequence[Outcome]) -> list[str]:
    lines = []
    for outcome in outcomes:
        if outcome.unexplained:
            names = ", ".join(sorted(outcome.unexplained))
            lines.append(f"{'':<9} blocks  {outcome.case} [{outcome.mode}]   {names}")
    return lines


def _counted(word: str, unit: str, reasons: Iterable[str]) -> list[str]:
    return [
        f"{'':<9} {word:<7} {count} {unit}{'' if count == 1 else 's'}   {reason}"
        for reason, count in Counter(reasons).items()
    ]


def _count(outcomes: Sequence[Outcome]) -> str:
    cases = len({outcome.case for outcome in outcomes})
    return f"{cases} case{'' if cases == 1 else 's'} in {len(outcomes)} items"


def _duration(seconds: float) -> str:
    return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s" if seconds >= 60 else f"{seconds:.0f} s"  # noqa: PLR2004
