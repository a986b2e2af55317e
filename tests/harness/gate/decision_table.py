"""The gate's table: what one answer, before and after, is a case of, and whether that blocks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tests.harness.core.records.comparison import Kind
from tests.harness.core.records.judged_answer import UNEXPLAINED, JudgedAnswer
from tests.harness.core.records.outcome import NOT_RECORDED
from tests.harness.gate.pairing import are_comparable


@dataclass(frozen=True)
class Rules:
    """What the ledger and the user say about the candidate."""

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
    changes_block: bool = False
    """`--block changed`."""
    partial: bool = False
    """The user left items out of this session on purpose: what the candidate lacks is no coverage change."""


def kind_of(
    before: JudgedAnswer | None, after: JudgedAnswer | None, rules: Rules, shown_before: Collection[str] = ()
) -> tuple[Kind, tuple[str, ...]]:
    """Return the row of the table, and the ledger entries that it is about.

    `shown_before`: names of all findings that the baseline has in this item, in whatever deltas it came.
    """
    if before is None or after is None:
        return "coverage", ()
    if not are_comparable(before, after):
        return ("regression" if is_untold(after, shown_before) else "not-comparable"), ()
    if not after.names:
        return _kind_of_pass(before, after, rules)
    if before.names == after.names:
        return ("broken" if before.result == after.result else "changed"), tuple(sorted(after.known_issues))
    if after.names < before.names:
        return _kind_of_less(before.explaining(before.names - after.names), rules)
    explaining = after.explaining(after.names - before.names)
    if UNEXPLAINED in explaining:
        return "regression", ()
    kind: Kind = "flaky" if explaining <= set(rules.by_chance) - set(rules.more) else "known-regression"
    return kind, tuple(sorted(explaining))


def blocks(kind: Kind, issues: Collection[str], rules: Rules, expected: bool) -> bool:
    """Return whether a row of this kind is in the way; `expected`: it is clear why only one side has the answer."""
    match kind:
        case "regression" | "stale":
            return True
        case "known-regression":
            return not set(issues) <= set(rules.accepted)
        case "coverage":
            return not expected
        case "changed":
            return rules.changes_block
    return False


def is_untold(after: JudgedAnswer | None, shown_before: Collection[str]) -> bool:
    """Return whether the candidate shows what nobody explains, and the baseline nowhere in the item."""
    return after is not None and not after.unexplained <= set(shown_before)


def is_gained(before: JudgedAnswer | None, after: JudgedAnswer | None, reasons: Sequence[str]) -> bool:
    """Return whether an answer is new because the baseline could not give it, and no news is bad news about it.

    `reasons`: why parts of the item were not judged in the baseline. Then the ledger decides, as without a baseline.
    """
    not_offered = any(not reason.startswith(NOT_RECORDED) for reason in reasons)
    return before is None and not_offered and after is not None and not after.unexplained


def _kind_of_pass(before: JudgedAnswer, after: JudgedAnswer, rules: Rules) -> tuple[Kind, tuple[str, ...]]:
    covering = set(after.must_covering)
    if stale := covering & set(rules.stale):
        return "stale", tuple(sorted(stale))
    if fixed := covering & set(rules.fixed):
        return "fixed", tuple(sorted(fixed))
    if not before.names:
        # What a model says by itself is its own; of a forced text under one cut, any difference is the server's doing.
        is_fact = before.cut is not None and after.cut is not None
        return ("changed" if is_fact and before.result != after.result else "unchanged"), ()
    return _kind_of_less(before.explaining(before.names), rules)


def _kind_of_less(gone: Collection[str], rules: Rules) -> tuple[Kind, tuple[str, ...]]:
    """Return the row of an answer that shows less than before; `gone`: what explained the findings that are gone."""
    if set(gone) <= set(rules.by_chance) - set(rules.fewer):
        return "flaky", tuple(sorted(gone))
    return "fixed", ()
