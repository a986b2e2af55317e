"""The judged answers of a run as the gate compares them: by item, split and turn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tests.harness.core.records.judged_answer import NO_RESULT, JudgedAnswer
from tests.harness.core.records.outcome import JUDGED, NOT_RECORDED, Outcome

ALL = "all"
"""Split of an item that tells of many answers at once."""


@dataclass(frozen=True)
class Item:
    """An item of a run with its judged answers."""

    name: str
    case: str
    mode: str
    answers: tuple[JudgedAnswer, ...]
    reasons: tuple[str, ...] = field(default=())
    """Why it, or a part of it, was not judged."""


def items_of(outcomes: Iterable[Outcome]) -> dict[str, Item]:
    """Return every item by its name without the deployment's label."""
    return {outcome.name: _item(outcome) for outcome in outcomes}


def aligned(before: Item, after: Item) -> tuple[Item, Item]:
    """Return both items with the same turns, where one run stopped in another turn than the other.

    A chained item ends in turn one if that cannot be gone on from, else in turn two: then it is one answer that
    is compared, whichever turn showed it.
    """
    moved = {
        split for split in _splits(before) & _splits(after) if _turns(before, split) != _turns(after, split)
    }
    return _in_one_turn(before, moved), _in_one_turn(after, moved)


def merged(answers: Sequence[JudgedAnswer], split: str, result: str) -> JudgedAnswer:
    """Return one answer that shows all that these show, as one of turn one; at least one is wanted."""
    return replace(
        answers[-1],
        split=split,
        turn=1,
        result=result,
        findings=tuple(dict.fromkeys(explained for answer in answers for explained in answer.findings)),
        must_due=tuple(dict.fromkeys(name for answer in answers for name in answer.must_due)),
        must_covering=tuple(dict.fromkeys(name for answer in answers for name in answer.must_covering)),
    )


def _in_one_turn(item: Item, splits: set[str]) -> Item:
    kept = [answer for answer in item.answers if answer.split not in splits]
    for split in sorted(splits):
        mine = [answer for answer in item.answers if answer.split == split]
        kept.append(merged(mine, split, " ".join(answer.result for answer in mine)))
    return replace(item, answers=tuple(kept))


def _splits(item: Item) -> set[str]:
    return {answer.split for answer in item.answers}


def _turns(item: Item, split: str) -> set[int]:
    return {answer.turn for answer in item.answers if answer.split == split}


def _item(outcome: Outcome) -> Item:
    answers = outcome.answers
    if _tells_findings_only(outcome):
        answers = (_folded(outcome),)
    return Item(outcome.name, outcome.case, outcome.mode, answers, _reasons(outcome))


def _tells_findings_only(outcome: Outcome) -> bool:
    """Return whether an item has no case of its own and names only those of its many answers that show something."""
    has_no_case = outcome.case == outcome.item.rpartition("::")[2].partition("[")[0]
    return has_no_case and outcome.result in JUDGED


def _folded(outcome: Outcome) -> JudgedAnswer:
    """Return one answer for all: what was found, however many texts and splits showed it."""
    nothing = JudgedAnswer(outcome.case, outcome.mode, ALL, 1, "", NO_RESULT)
    shown = outcome.answers[0].exchange if outcome.answers else ""
    answers = [replace(answer, must_due=(), must_covering=()) for answer in outcome.answers]
    return replace(merged(answers or [nothing], ALL, NO_RESULT), case=outcome.case, exchange=shown)


def _reasons(outcome: Outcome) -> tuple[str, ...]:
    whole = () if outcome.answers or not outcome.note else (outcome.note,)
    marked = tuple(f"{NOT_RECORDED}{note}" if outcome.result == "not-recorded" else note for note in whole)
    return tuple(dict.fromkeys((*marked, *outcome.not_applicable)))
