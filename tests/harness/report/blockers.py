"""What blocks, the worst first, each with its evidence: the same for every page that people read."""

from collections.abc import Callable, Sequence

from tests.harness.core.records.basis import Defect
from tests.harness.core.records.comparison import Comparison, Row
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.run import Run
from tests.harness.report.comparison import amount_of, grouped, names_of, title_of, where_of
from tests.harness.report.run_report import Blocker

PROOFS = 25
"""Blockers whose evidence is shown; a reader who has more has seen enough."""
_COMMANDS = ("again ", "by hand ")


def blockers_of(run: Run, stale: Sequence[str], evidence: Callable[[Outcome], list[str]]) -> list[Blocker]:
    """Return the blockers without a baseline: items with a finding that nothing explains, then stale ledger entries."""
    blockers: list[Blocker] = []
    for outcome in run.outcomes:
        names = sorted(outcome.unexplained)
        if names:
            lines = evidence(outcome) if len(blockers) < PROOFS else []
            blockers.append(
                _blocker(f"{outcome.case} [{outcome.mode}]", ", ".join(names), outcome.case, lines)
            )
    return blockers + _stale(stale)


def compared_blockers(
    comparison: Comparison, defects: Sequence[Defect], evidence: Callable[[Sequence[Row]], list[str]]
) -> list[Blocker]:
    """Return the blockers against a baseline: what got worse, then what only one side has."""
    blockers: list[Blocker] = []
    for group in grouped(row for row in comparison.rows if row.blocks and row.kind != "coverage"):
        row = group[0]
        lines = evidence(group) if len(blockers) < PROOFS else []
        blockers.append(_blocker(where_of(group), _description(row, defects), row.case, lines))
    blockers += _stale(comparison.stale)
    notes: dict[str, list[Row]] = {}
    for row in comparison.of("coverage"):
        if row.blocks:
            notes.setdefault(row.note, []).append(row)
    return blockers + [
        Blocker(f"coverage change: {amount_of(rows)}", f"{note}: {names_of(rows)}", rows[0].case)
        for note, rows in notes.items()
    ]


def _description(row: Row, defects: Sequence[Defect]) -> str:
    before = ", ".join(sorted(row.before.names)) if row.before and row.before.names else "passed"
    description = f"{title_of(row.kind)}; before: {before}"
    for defect in defects:
        if defect.id in row.issues:
            accept = "" if row.kind == "stale" else f"; --accept-known {defect.id} lets it through"
            description += f"; known: {defect.id} ({defect.harm}){accept}"
    return description


def _stale(names: Sequence[str]) -> list[Blocker]:
    return [Blocker(f"stale entry {name}", "the ledger says `must`, and it did not show") for name in names]


def _blocker(title: str, description: str, case: str, lines: Sequence[str]) -> Blocker:
    commands = tuple(line.strip() for line in lines if line.strip().startswith(_COMMANDS))
    evidence = tuple(line for line in lines if not line.strip().startswith(_COMMANDS))
    return Blocker(title, description, case, evidence, commands)
