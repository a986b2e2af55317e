"""A candidate against its baseline: every answer of both, side by side, and what of it blocks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from tests.harness.core.records.comparison import Comparison, Kind, Row
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.run import Header, Run
from tests.harness.core.records.split import is_exact
from tests.harness.core.records.verdict import Reason, ReasonKind
from tests.harness.gate.decision_table import Rules, blocks, is_gained, is_untold, kind_of
from tests.harness.gate.figures import figure_ratios
from tests.harness.gate.judged_answers import Item, aligned, items_of
from tests.harness.gate.pairing import are_comparable, paired
from tests.harness.gate.significance import drift_of
from tests.harness.gate.wording import count_of, first_line

_KINDS: tuple[Kind, ...] = get_args(Kind)
_COUNTED: tuple[tuple[Kind, ReasonKind, str, str], ...] = (
    ("regression", "regression", "regression", "regressions"),
    ("known-regression", "known-regression", "known regression", "known regressions"),
    ("coverage", "coverage", "coverage change", "coverage changes"),
    ("changed", "changed", "answer changed", "answers changed"),
)


@dataclass(frozen=True)
class _Pair:
    """An answer of both runs, or of one of them."""

    item: Item
    """As the candidate has it, maybe without answers."""
    before: JudgedAnswer | None
    after: JudgedAnswer | None
    note: str
    """Why it is missing on one side."""
    gained: bool = False
    """It is missing in the baseline because that could not give it."""
    shown_before: frozenset[str] = frozenset()
    """Names of all findings that the baseline has in the item."""

    @property
    def place(self) -> tuple[str, int]:
        """Return split and turn, as the candidate has them."""
        answer = self.after or self.before
        return answer.place if answer else ("", 1)

    @property
    def is_of_cases(self) -> bool:
        """Return whether another set of cases may be why one side lacks it: not if the candidate says why it has
        none, nor of what nobody explains."""
        is_refused = self.after is None and not self.item.answers and bool(self.item.reasons)
        return not (is_refused or is_untold(self.after, self.shown_before))


def compare(before: Run, after: Run, rules: Rules) -> Comparison:
    """Lay every answer of both runs side by side; what blocks is among the reasons."""
    recased = before.header.cases != after.header.cases
    pairs = list(_pairs(before, after, rules.partial))
    both = [
        (_known(pair.before), _known(pair.after))
        for pair in pairs
        if pair.before and pair.after and are_comparable(pair.before, pair.after)
    ]
    drift = drift_of(both, rules.by_chance)
    rules = replace(rules, more=drift.more, fewer=drift.fewer)
    rows = sorted((_row(pair, rules, recased) for pair in pairs), key=lambda row: _KINDS.index(row.kind))
    return Comparison(
        before.header,
        after.header,
        tuple(rows),
        tuple(_reasons(rows)),
        _differences(before.header, after.header),
        tuple(rules.stale),
        tuple(sorted(drift.gone)),
        figure_ratios(before.outcomes, after.outcomes),
    )


def _pairs(before: Run, after: Run, partial: bool) -> Iterator[_Pair]:
    old, new = items_of(before.outcomes), items_of(after.outcomes)
    for name in sorted(old.keys() | new.keys()):
        if name not in new and partial:
            continue
        blank = replace(old.get(name) or new[name], answers=(), reasons=())
        items = aligned(old.get(name, blank), new.get(name, blank))
        yield from _answers(*items, was_scripted=before.header.scripted)


def _answers(before: Item, after: Item, *, was_scripted: bool) -> Iterator[_Pair]:
    shown_before = frozenset(name for answer in before.answers for name in answer.names)
    for a, b in paired(before.answers, after.answers):
        alone = b if a is None else a if b is None else None
        if alone and alone.sought:
            continue  # the other run had no reason to ask for it
        note = "" if a and b else _why(before if a is None else after, a is None)
        reasons = before.reasons
        if b is not None and is_exact(b.split) and not was_scripted:
            reasons = (*reasons, "no model ends its deltas where a request says")
        yield _Pair(after, a, b, note, is_gained(a, b, reasons), shown_before)


def _row(pair: _Pair, rules: Rules, recased: bool) -> Row:
    kind, issues = kind_of(pair.before, pair.after, rules, pair.shown_before)
    split, turn = pair.place
    return Row(
        kind=kind,
        item=pair.item.name,
        case=pair.item.case,
        mode=pair.item.mode,
        split=split,
        turn=turn,
        before=pair.before,
        after=pair.after,
        blocks=blocks(kind, issues, rules, pair.gained or (recased and pair.is_of_cases)),
        issues=issues,
        note=pair.note,
    )


def _known(answer: JudgedAnswer) -> frozenset[str]:
    return answer.explaining(answer.names)


def _why(item: Item, before: bool) -> str:
    """Return why an answer is missing on one side."""
    side = "the baseline" if before else "the candidate"
    reasons = "; ".join(first_line(reason) for reason in item.reasons)
    return f"not in {side}: {reasons}" if reasons else f"not in {side}"


def _reasons(rows: Sequence[Row]) -> Iterator[Reason]:
    blocking = Counter(row.kind for row in rows if row.blocks)
    for kind, reason, one, many in _COUNTED:
        if blocking[kind]:
            yield Reason(reason, count_of(blocking[kind], one, many))


def _differences(before: Header, after: Header) -> tuple[str, ...]:
    if not (before.vllm_version and after.vllm_version):
        return ()  # one of them never came up
    pairs = {
        "profile": (before.profile, after.profile),
        "model": (before.model, after.model),
        "revision": (before.revision, after.revision),
        "depth": (before.depth, after.depth),
        "case set": (before.cases, after.cases),
    }
    return tuple(
        f"{name}: {old or 'none'} before, {new or 'none'} now"
        for name, (old, new) in pairs.items()
        if old != new
    )
