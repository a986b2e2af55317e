"""Two runs side by side, as people read them in a terminal: the word, what blocks with its proof, then the rest."""

from collections.abc import Callable, Iterable, Sequence

from tests.harness.core.records.cause import CauseKey
from tests.harness.core.records.comparison import Comparison, Kind, Row
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.gate.wording import count_of

_PROOFS = 10
"""Causes whose evidence is printed; a reader who has more has seen enough."""
_LISTED = 20
_INDENT = " " * 10
_NAMED: tuple[Kind, ...] = ("regression", "known-regression")
_TITLES: dict[Kind, str] = {
    "regression": "regression",
    "known-regression": "known regression",
    "stale": "stale entry",
    "coverage": "coverage change",
}

Group = tuple[Row, ...]


def comparison_lines(
    comparison: Comparison,
    evidence: Callable[[Sequence[Row]], list[str]],
    issues: Sequence[KnownIssue],
    ledger_lines: Sequence[str],
) -> list[str]:
    """Return all but the head; `evidence` gives an item's, `ledger_lines` what a fix changes there."""
    blocking = grouped(row for row in comparison.rows if row.blocks)
    proven = alike(group for group in blocking if group[0].kind != "coverage")
    lines = _named(row for row in comparison.rows if row.blocks and row.kind in _NAMED)
    lines += [
        line
        for number, groups in enumerate(proven, 1)
        for line in _blocking(number, groups, evidence, issues)
    ]
    lines += [
        f"{_INDENT}blocks    stale entry {name}: it says `must` and did not show" for name in comparison.stale
    ]
    lines += _coverage(comparison)
    lines += [f"{_INDENT}differs   {difference}" for difference in comparison.differs]
    lines += _listed("fixed", grouped(comparison.of("fixed")), _was)
    lines += [f"{_INDENT}ledger    {line}" for line in ledger_lines]
    let_through = [row for row in comparison.of("known-regression") if not row.blocks]
    lines += _listed("accepted", grouped(let_through), lambda group: ", ".join(group[0].issues))
    lines += _listed("changed", grouped(comparison.of("changed")), _both_results)
    lines += _flaky(comparison.of("flaky"))
    lines += _counted("cut", comparison.of("not-comparable"), "came in other deltas: not comparable")
    lines += _counted("broken", comparison.of("broken"), "before and after")
    lines += _counted("unchanged", comparison.of("unchanged"), "passed before and after")
    lines += [
        f"{_INDENT}{'figure':<9} {figure.after.name}   {figure.summary}" for figure in comparison.figures
    ]
    return lines


def _named(rows: Iterable[Row]) -> list[str]:
    """Return what went wrong, most answers first: one defect is often all that many rows tell of."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        before = row.before.names if row.before else frozenset()
        for name in sorted((row.after.names if row.after else frozenset()) - before):
            by_name.setdefault(name, []).append(row)
    return [
        f"{_INDENT}new       {name}   {amount_of(those)} [{', '.join(sorted({row.mode for row in those}))}]"
        for name, those in sorted(by_name.items(), key=lambda item: -len(item[1]))
    ]


def _blocking(
    number: int,
    groups: Sequence[Group],
    evidence: Callable[[Sequence[Row]], list[str]],
    issues: Sequence[KnownIssue],
) -> list[str]:
    group, row = groups[0], groups[0][0]
    was = ", ".join(sorted(row.before.names)) if row.before and row.before.names else "passed"
    lines = [f"  {number}. {where_of(group)}   {title_of(row.kind)}; before: {was}"]
    for issue in issues:
        if issue.id in row.issues:
            accept = "" if row.kind == "stale" else f"; --accept-known {issue.id} lets it through"
            lines.append(f"     known      {issue.id} ({issue.harm}) {issue.upstream}{accept}")
    if row.kind != "stale" and number <= _PROOFS:
        lines += [f"   {line}" for line in evidence(group)]
    if len(groups) > 1:
        lines.append(f"     alike      {further_of(groups)}")
    return lines


def _coverage(comparison: Comparison) -> list[str]:
    notes: dict[tuple[str, bool], list[Row]] = {}
    for row in comparison.of("coverage"):
        notes.setdefault((row.note, row.blocks), []).append(row)
    return [
        f"{_INDENT}{'blocks' if blocks else 'coverage':<9} coverage change: {amount_of(rows)} {note}: {names_of(rows)}"
        for (note, blocks), rows in notes.items()
    ]


def _listed(word: str, groups: Sequence[Group], tell: Callable[[Group], str]) -> list[str]:
    lines = [f"{_INDENT}{word:<9} {where_of(group)}   {tell(group)}" for group in groups[:_LISTED]]
    if len(groups) > _LISTED:
        lines.append(f"{_INDENT}{word:<9} and {len(groups) - _LISTED} items more")
    return lines


def _counted(word: str, rows: Sequence[Row], what: str) -> list[str]:
    return [f"{_INDENT}{word:<9} {amount_of(rows)} {what}"] if rows else []


def _flaky(rows: Sequence[Row]) -> list[str]:
    """Return a line a known defect that comes and goes."""
    names = sorted({name for row in rows for name in row.issues})
    return [
        f"{_INDENT}{'flaky':<9} {amount_of(group)} where {name} comes or goes, as it did elsewhere before"
        for name in names
        for group in [[row for row in rows if name in row.issues]]
    ]


def title_of(kind: Kind) -> str:
    """Return a kind of row in words."""
    return _TITLES.get(kind, kind)


def grouped(rows: Iterable[Row]) -> list[Group]:
    """Return rows of one item that say the same, in the order of the rows."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        before = row.before.names if row.before else None
        groups.setdefault((row.kind, row.item, row.turn, before, row.issues), []).append(row)
    return [tuple(group) for group in groups.values()]


def alike(groups: Iterable[Group]) -> list[list[Group]]:
    """Return groups that block for one cause together, the first of each in the order of the groups."""
    causes: dict[object, list[Group]] = {}
    for group in groups:
        row = group[0]
        before = row.before.names if row.before else frozenset()
        new = (
            [finding for finding in row.after.unexplained_findings if finding.name not in before]
            if row.after
            else []
        )
        cause = CauseKey.of(new[0]) if new else row.issues or row.item
        causes.setdefault((row.kind, row.issues, cause), []).append(group)
    return list(causes.values())


def further_of(groups: Sequence[Group]) -> str:
    """Return how many answers have the cause of the first group, and where."""
    rows = [row for group in groups[1:] for row in group]
    return f"{amount_of(rows)} more: {names_of(rows)}"


def where_of(group: Group) -> str:
    """Return case, mode, round and splits in a line."""
    row = group[0]
    turn = "" if row.turn == 1 else f", round {row.turn}"
    splits = ", ".join(row.split for row in group)
    return f"{row.case} [{row.mode}{turn}; {splits}]"


def _was(group: Group) -> str:
    before = group[0].before
    return f"was {', '.join(sorted(before.names))}" if before and before.names else "passed before"


def _both_results(group: Group) -> str:
    row = group[0]
    before, after = (side.result if side else "" for side in (row.before, row.after))
    return f"{', '.join(sorted(row.after.names) if row.after else ())}; result {before} before, {after} now"


def amount_of(rows: Sequence[Row]) -> str:
    """Return an amount as `3 answers in 2 cases`."""
    cases = len({row.case for row in rows})
    return f"{count_of(len(rows), 'answer', 'answers')} in {count_of(cases, 'case', 'cases')}"


def names_of(rows: Sequence[Row], most: int = 5) -> str:
    """Return the items of rows, the first ones by name."""
    names = list(dict.fromkeys(f"{row.case} [{row.mode}]" for row in rows))
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
