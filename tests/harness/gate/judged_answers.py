"""The answers of a run as the gate compares them: by item, mode, split and round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.harness.core.records.comparison import Side
from tests.harness.core.records.outcome import NOT_RECORDED, Outcome

ALL = "all"
"""Split of an item that tells of many answers at once."""
NO_RESULT = "-"


@dataclass(frozen=True)
class Answer:
    """What an item showed in one split and round."""

    split: str
    round: int
    side: Side
    explained: Mapping[str, frozenset[str]]
    """`check/symptom` -> ids of the ledger entries that explain it; `""` among them: nothing explains it."""
    covered: frozenset[str] = frozenset()
    """Ids of all `must` entries about it."""


@dataclass(frozen=True)
class Item:
    """An item of a run with its judged answers."""

    name: str
    case: str
    mode: str
    answers: tuple[Answer, ...]
    reasons: tuple[str, ...] = field(default=())
    """Why it, or a part of it, was not judged."""


def items_of(outcomes: Iterable[Outcome]) -> dict[str, Item]:
    """Every item by its name without the deployment's label."""
    return {outcome.name: _item(outcome) for outcome in outcomes}


def in_step(before: Item, after: Item) -> tuple[Item, Item]:
    """Both items with the same rounds, where one run stopped in another round than the other.

    A chained item ends in round one if that cannot be gone on from, else in round two: then it is one answer that
    is compared, whichever round showed it.
    """
    moved = {
        split for split in _splits(before) & _splits(after) if _rounds(before, split) != _rounds(after, split)
    }
    return _in_one_round(before, moved), _in_one_round(after, moved)


def _in_one_round(item: Item, splits: set[str]) -> Item:
    if not splits:
        return item
    kept = [answer for answer in item.answers if answer.split not in splits]
    merged = [
        _merged([answer for answer in item.answers if answer.split == split]) for split in sorted(splits)
    ]
    return Item(item.name, item.case, item.mode, (*kept, *merged), item.reasons)


def _merged(answers: list[Answer]) -> Answer:
    findings = tuple(sorted({name for answer in answers for name in answer.side.findings}))
    last = answers[-1]
    side = Side(findings, " ".join(answer.side.result for answer in answers), last.side.exchange)
    explained = {
        name: frozenset().union(*(answer.explained.get(name, frozenset()) for answer in answers))
        for name in findings
    }
    covered = frozenset().union(*(answer.covered for answer in answers))
    return Answer(last.split, 1, side, explained, covered)


def _splits(item: Item) -> set[str]:
    return {answer.split for answer in item.answers}


def _rounds(item: Item, split: str) -> set[int]:
    return {answer.round for answer in item.answers if answer.split == split}


def _item(outcome: Outcome) -> Item:
    explained: dict[tuple[str, int], dict[str, frozenset[str]]] = {}
    for found in outcome.judgements:
        names = explained.setdefault((found.split, found.round), {})
        name = found.finding.name
        names[name] = names.get(name, frozenset()) | {found.known_issue or ""}
    answers = tuple(
        Answer(
            cell.split,
            cell.round,
            Side(tuple(sorted(explained.get((cell.split, cell.round), {}))), cell.result, cell.exchange),
            explained.get((cell.split, cell.round), {}),
            frozenset(cell.covered),
        )
        for cell in outcome.cells
    )
    if _tells_findings_only(outcome):
        answers = (_folded(answers),)
    return Item(outcome.name, outcome.case, outcome.mode, answers, _reasons(outcome))


def _tells_findings_only(outcome: Outcome) -> bool:
    """Whether an item has no case of its own and names only those of its many answers that show something."""
    has_no_case = outcome.case == outcome.item.rpartition("::")[2].partition("[")[0]
    return has_no_case and outcome.result in {"passed", "failed", "known", "unstable"}


def _folded(answers: tuple[Answer, ...]) -> Answer:
    """One answer for all: what was found, however many texts and splits showed it."""
    names = sorted({name for answer in answers for name in answer.side.findings})
    explained = {
        name: frozenset[str]().union(*(answer.explained.get(name, frozenset()) for answer in answers))
        for name in names
    }
    exchange = answers[0].side.exchange if answers else ""
    return Answer(ALL, 1, Side(tuple(names), NO_RESULT, exchange), explained)


def _reasons(outcome: Outcome) -> tuple[str, ...]:
    whole = () if outcome.cells or not outcome.note else (outcome.note,)
    marked = tuple(f"{NOT_RECORDED}{note}" if outcome.result == "not-recorded" else note for note in whole)
    return tuple(dict.fromkeys((*marked, *outcome.not_applicable)))
