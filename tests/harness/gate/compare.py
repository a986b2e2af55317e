"""A candidate against its baseline: what came, what went, and whether it may go live."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args

from tests.harness.gate.cells import Answer, Item, in_step, items_of
from tests.harness.gate.decide import blocked_by_harm, broken_infrastructure, count_of
from tests.harness.records.comparison import Comparison, Kind, Row
from tests.harness.records.known_issue import Harm, KnownIssue
from tests.harness.records.run import Header, Run
from tests.harness.records.verdict import Verdict

_KINDS: tuple[Kind, ...] = get_args(Kind)
_SAID: dict[Kind, tuple[str, str]] = {
    "regression": ("regression", "regressions"),
    "known-regression": ("known regression", "known regressions"),
    "coverage": ("coverage change", "coverage changes"),
}


@dataclass(frozen=True)
class Rules:
    """What the ledger and the user say about the candidate."""

    issues: Sequence[KnownIssue]
    stale: Collection[str] = ()
    """Ids of `must` entries that did not show, on a stock release on which they were seen."""
    outlived: Collection[str] = ()
    """Ids of those that did not show on a newer release or a patched build."""
    accepted: Collection[str] = ()
    """`--accept-known`."""
    block: Sequence[Harm] = ()
    partial: bool = False
    """The user left items out of this session on purpose: what the candidate lacks is no coverage change."""


def compare(before: Run, after: Run, rules: Rules) -> Comparison:
    """Every answer of both runs side by side, and the verdict on `after`."""
    recased = before.header.cases != after.header.cases
    rows = sorted(_rows(before, after, rules, recased), key=lambda row: _KINDS.index(row.kind))
    return Comparison(
        before.header,
        after.header,
        tuple(rows),
        _verdict(before, after, rows, rules),
        _differences(before.header, after.header),
        tuple(rules.stale),
        tuple(rules.outlived),
    )


def _rows(before: Run, after: Run, rules: Rules, recased: bool) -> list[Row]:
    old, new = items_of(before.outcomes), items_of(after.outcomes)
    rows: list[Row] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new and rules.partial:
            continue
        blank = Item(name, (old.get(name) or new[name]).case, (old.get(name) or new[name]).mode, ())
        rows += _item_rows(*in_step(old.get(name, blank), new.get(name, blank)), rules, recased)
    return rows


def _item_rows(before: Item, after: Item, rules: Rules, recased: bool) -> list[Row]:
    old = {(answer.split, answer.round): answer for answer in before.answers}
    new = {(answer.split, answer.round): answer for answer in after.answers}
    rows = []
    for place in dict.fromkeys((*new, *old)):
        a, b = old.get(place), new.get(place)
        kind, issues = _kind(a, b, rules)
        row = Row(
            kind=kind,
            item=after.name,
            case=after.case,
            mode=after.mode,
            split=place[0],
            round=place[1],
            before=a.side if a else None,
            after=b.side if b else None,
            blocks=_blocks(kind, issues, rules, recased),
            issues=issues,
            note="" if a and b else _why(before if a is None else after, a is None),
        )
        rows.append(row)
    return rows


def _kind(before: Answer | None, after: Answer | None, rules: Rules) -> tuple[Kind, tuple[str, ...]]:
    """The row of the table, and the ledger entries that it is about."""
    if before is None or after is None:
        return "coverage", ()
    was, now = set(before.side.findings), set(after.side.findings)
    if not now:
        return _kind_of_pass(bool(was), after, rules)
    if was == now:
        same = before.side.result == after.side.result
        return ("broken" if same else "changed"), tuple(filter(None, _explaining(after, now)))
    explaining = _explaining(after, (now - was) or now)
    return ("regression", ()) if "" in explaining else ("known-regression", explaining)


def _kind_of_pass(failed_before: bool, after: Answer, rules: Rules) -> tuple[Kind, tuple[str, ...]]:
    if stale := after.covered & set(rules.stale):
        return "stale", tuple(sorted(stale))
    outlived = after.covered & set(rules.outlived)
    return ("fixed" if failed_before or outlived else "unchanged"), tuple(sorted(outlived))


def _explaining(answer: Answer, names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted({issue for name in names for issue in answer.explained[name]}))


def _blocks(kind: Kind, issues: Sequence[str], rules: Rules, recased: bool) -> bool:
    match kind:
        case "regression" | "stale":
            return True
        case "known-regression":
            return not set(issues) <= set(rules.accepted)
        case "coverage":
            return not recased
    return False


def _why(item: Item, before: bool) -> str:
    """Why an answer is missing on one side."""
    side = "the baseline" if before else "the candidate"
    reasons = "; ".join(reason.partition("\n")[0] for reason in item.reasons)
    return f"not in {side}: {reasons}" if reasons else f"not in {side}"


def _verdict(before: Run, after: Run, rows: Sequence[Row], rules: Rules) -> Verdict:
    for run, side in ((after, "the candidate"), (before, "the baseline")):
        if broken := broken_infrastructure(run.outcomes):
            return Verdict("NO VERDICT", f"{side}: {broken}")
    if not any(row.before and row.after for row in rows):
        return Verdict("NO VERDICT", "the two runs have no judged answer in common")
    blocking = Counter(row.kind for row in rows if row.blocks)
    reasons = [count_of(blocking[kind], *said) for kind, said in _SAID.items() if blocking[kind]]
    reasons += [f"stale entry {name}: it says `must` and did not show" for name in rules.stale]
    reasons += blocked_by_harm(after.outcomes, rules.issues, rules.block)
    return Verdict("NO-GO", "; ".join(reasons)) if reasons else Verdict("GO", "nothing got worse")


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
