"""What blocks, the worst first, each with its evidence: the same for every page that people read."""

from collections.abc import Callable, Sequence

from tests.harness.core.records.basis import Defect
from tests.harness.core.records.cause import Cause
from tests.harness.core.records.comparison import Comparison, Row
from tests.harness.report.causes import description_of
from tests.harness.report.causes import title_of as title_of_cause
from tests.harness.report.comparison import (
    alike,
    amount_of,
    further_of,
    grouped,
    names_of,
    title_of,
    where_of,
)
from tests.harness.report.run_report import Blocker

PROOFS = 25
"""Causes whose evidence is shown against a baseline; a reader who has more has seen enough."""
_COMMANDS = ("again ", "by hand ")


def blockers_of(
    causes: Sequence[Cause], stale: Sequence[str], evidence: Callable[[Cause], list[str]]
) -> list[Blocker]:
    """Return the blockers without a baseline: the causes of what nothing explains, then stale ledger entries."""
    blockers = [
        _blocker(title_of_cause(cause), description_of(cause), cause.case, evidence(cause))
        for cause in causes
    ]
    return blockers + _stale(stale)


def compared_blockers(
    comparison: Comparison, defects: Sequence[Defect], evidence: Callable[[Sequence[Row]], list[str]]
) -> list[Blocker]:
    """Return the blockers against a baseline: what got worse, then what only one side has."""
    blockers: list[Blocker] = []
    for groups in alike(grouped(row for row in comparison.rows if row.blocks and row.kind != "coverage")):
        row = groups[0][0]
        lines = evidence(groups[0]) if len(blockers) < PROOFS else []
        further = f"; alike: {further_of(groups)}" if len(groups) > 1 else ""
        description = _description(row, defects) + further
        blockers.append(_blocker(where_of(groups[0]), description, row.case, lines))
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
