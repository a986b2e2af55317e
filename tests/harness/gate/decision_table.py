"""The gate's table: what one answer, before and after, is a case of, and whether that blocks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tests.harness.core.records.comparison import Kind
from tests.harness.core.records.known_issue import Harm, KnownIssue
from tests.harness.core.records.outcome import NOT_RECORDED
from tests.harness.gate.judged_answers import Answer

UNEXPLAINED = ""
"""Stands among the ids of ledger entries for: none."""


@dataclass(frozen=True)
class Rules:
    """What the ledger and the user say about the candidate."""

    issues: Sequence[KnownIssue]
    stale: Collection[str] = ()
    """Ids of `must` entries that did not show, on a stock release on which they were seen."""
    fixed: Collection[str] = ()
    """Ids of those that did not show on a newer release or a patched build."""
    by_chance: Collection[str] = ()
    """Ids of `may` entries about the candidate that the baseline shows too: where they show is a matter of timing."""
    more: Collection[str] = ()
    """Those of them that show at so many answers now that it cannot be chance."""
    fewer: Collection[str] = ()
    """And those at so few."""
    accepted: Collection[str] = ()
    """`--accept-known`."""
    block: Sequence[Harm] = ()
    partial: bool = False
    """The user left items out of this session on purpose: what the candidate lacks is no coverage change."""


def kind_of(before: Answer | None, after: Answer | None, rules: Rules) -> tuple[Kind, tuple[str, ...]]:
    """The row of the table, and the ledger entries that it is about."""
    if before is None or after is None:
        return "coverage", ()
    was, now = set(before.side.findings), set(after.side.findings)
    if not now:
        return _kind_of_pass(before, after, rules)
    if was == now:
        same = before.side.result == after.side.result
        explaining = explaining_of(after, now) - {UNEXPLAINED}
        return ("broken" if same else "changed"), tuple(sorted(explaining))
    explaining = explaining_of(after, (now - was) or now)
    if UNEXPLAINED in explaining:
        return "regression", ()
    kind: Kind = "flaky" if explaining <= set(rules.by_chance) - set(rules.more) else "known-regression"
    return kind, tuple(sorted(explaining))


def blocks(kind: Kind, issues: Collection[str], rules: Rules, expected: bool) -> bool:
    """Whether a row of this kind is in the way; `expected`: it is clear why only one side has the answer."""
    match kind:
        case "regression" | "stale":
            return True
        case "known-regression":
            return not set(issues) <= set(rules.accepted)
        case "coverage":
            return not expected
    return False


def is_gained(before: Answer | None, after: Answer | None, reasons: Sequence[str]) -> bool:
    """Whether an answer is new because the baseline could not give it, and no news is bad news about it.

    `reasons`: why parts of the item were not judged in the baseline. Then the ledger decides, as without a baseline.
    """
    not_offered = any(not reason.startswith(NOT_RECORDED) for reason in reasons)
    known = after is not None and UNEXPLAINED not in explaining_of(after, after.side.findings)
    return before is None and not_offered and known


def explaining_of(answer: Answer, names: Collection[str]) -> frozenset[str]:
    """Ids of the entries that explain these findings; `UNEXPLAINED` among them if one has none."""
    return frozenset(issue for name in names for issue in answer.explained[name])


def _kind_of_pass(before: Answer, after: Answer, rules: Rules) -> tuple[Kind, tuple[str, ...]]:
    if stale := after.covered & set(rules.stale):
        return "stale", tuple(sorted(stale))
    if fixed := after.covered & set(rules.fixed):
        return "fixed", tuple(sorted(fixed))
    if not before.side.findings:
        return "unchanged", ()
    left = explaining_of(before, before.side.findings)
    return (
        ("flaky", tuple(sorted(left))) if left <= set(rules.by_chance) - set(rules.fewer) else ("fixed", ())
    )
