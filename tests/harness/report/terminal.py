"""The verdict as people read it in a terminal."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.outcome import NOT_RECORDED, RETOLD, Outcome, known_issue_counts
from tests.harness.core.records.run import Header, Run
from tests.harness.core.records.verdict import Verdict
from tests.harness.gate.wording import count_of
from tests.harness.report.effects import effects_line

_LISTED = 20
_WITH_NOTES = {"unstable", "known", "failed"}
"""Results beside which a note says that something did not come each time, or that a model is unstable."""
_HARMS = {"outage": "outage", "wrong-call": "wrong call", "lost-text": "lost text", "cosmetic": "cosmetic"}


def verdict_lines(
    run: Run,
    verdict: Verdict,
    title: str,
    basis: Basis,
    elapsed_s: float,
    blocking: Sequence[str] = (),
) -> list[str]:
    """Return the word, what blocks, what users will meet (of a GO at once), what is known, and what does not apply.

    `blocking`: the lines about causes; with a baseline, what that has to say.
    """
    outcomes, shown = run.outcomes, known_issue_counts(run.outcomes)
    known = count_of(len(shown), "known issue", "known issues")
    head = f"{title}: {_count(outcomes)}, {known}, {verdict.reason}"
    lines = [f"{verdict.shown:<9} {head}{_duration(elapsed_s):>12}"]
    met = effects_line(outcomes, basis)
    users = [f"{'':<9} {met}"] if met else []
    lines += [*users, *blocking] if verdict.word == "GO" else [*blocking, *users]
    for issue in basis.defects:
        if issue.id in shown:
            items = count_of(shown[issue.id], "item", "items")
            lines.append(
                f"{'':<9} known   {issue.id:<28} {items:<9} {_HARMS[issue.harm]:<11} {issue.upstream}"
            )
    left_out = (outcome.note for outcome in outcomes if outcome.result == "not-applicable")
    lines += _counted("n/a", "item", left_out)
    lines += _not_judged(run.header.not_judged) + _in_other_dialects(run.header)
    lines += _counted("n/a", "split", (reason for outcome in outcomes for reason in outcome.not_applicable))
    unstable = (outcome.note for outcome in outcomes if outcome.result in _WITH_NOTES and outcome.note)
    return lines + _counted("unstable", "item", unstable)


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


def _not_judged(addresses: Sequence[str]) -> list[str]:
    count = count_of(len(addresses), "address", "addresses")
    why = "the server lists what this suite does not know"
    return [f"{'':<9} n/a     {count}   {why}: {', '.join(addresses)}"] if addresses else []


def _in_other_dialects(header: Header) -> list[str]:
    count = count_of(header.other_dialects, "case", "cases")
    why = f"of other dialects, or without words in this one ({header.dialect})"
    return [f"{'':<9} n/a     {count}   {why}"] if header.other_dialects else []


def _counted(word: str, unit: str, reasons: Iterable[str]) -> list[str]:
    return [
        f"{'':<9} {word:<7} {count_of(count, unit, f'{unit}s')}   {reason}"
        for reason, count in Counter(reasons).items()
    ]


def _count(outcomes: Sequence[Outcome]) -> str:
    cases = len({outcome.case for outcome in outcomes})
    return f"{count_of(cases, 'case', 'cases')} in {count_of(len(outcomes), 'item', 'items')}"


def _duration(seconds: float) -> str:
    return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s" if seconds >= 60 else f"{seconds:.0f} s"  # noqa: PLR2004
