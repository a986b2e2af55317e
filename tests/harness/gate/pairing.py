"""Which answer of one run is compared with which of another: those to the same text in the same deltas."""

from collections.abc import Iterable, Iterator, Sequence

from tests.harness.core.records.cut import Cut
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.split import places_of

Answers = Sequence[JudgedAnswer]
Pair = tuple[JudgedAnswer | None, JudgedAnswer | None]
Place = tuple[str | Cut, int]


def paired(before: Answers, after: Answers) -> Iterator[Pair]:
    """Yield each answer of one item in both runs: by their cuts, or by their splits where a cut is not known.

    Several answers of one cut are one, unless they came out otherwise: then each stands beside the one that it is
    most like. Where an answer was cut otherwise in the other run, the two stand side by side and are not comparable
    (`are_comparable`), unless the other run has an answer of that cut under another split and nothing is unexplained
    here; an answer that the other run does not have at all stands alone.
    """
    old, new = _by_place(before), _by_place(after)
    common = [place for place in new if place in old]
    for place in common:
        yield from ((_most_like(answer, old[place]), answer) for answer in new[place])
    compared = {answer.place for place in common for answer in old[place]}
    yield from _left(
        [answer for place in old if place not in new for answer in old[place]],
        [
            answer
            for place in new
            if place not in old
            for answer in new[place]
            if answer.place not in compared or answer.unexplained
        ],
        before,
        after,
    )


def cuts_by_case(outcomes: Iterable[Outcome]) -> dict[str, set[Cut]]:
    """Return the cuts in which each forced text was streamed, by case: all but those that any engine is told alike."""
    cuts: dict[str, set[Cut]] = {}
    for outcome in outcomes:
        for answer in outcome.answers:
            if answer.cut and (answer.sought or not places_of(answer.split)):
                cuts.setdefault(answer.case, set()).add(answer.cut)
    return cuts


def are_comparable(before: JudgedAnswer, after: JudgedAnswer) -> bool:
    """Return whether both came in the same deltas, as far as is known."""
    return before.cut is None or after.cut is None or before.cut == after.cut


def _left(old: Answers, new: Answers, before: Answers, after: Answers) -> Iterator[Pair]:
    """Yield the answers whose cut the other run does not have, beside what that has of the same split."""
    by_split = {answer.place: answer for answer in before}
    yield from ((by_split.get(answer.place), answer) for answer in new)
    shown = {answer.place for answer in new}
    others = {answer.place: answer for answer in after}
    yield from ((answer, others.get(answer.place)) for answer in old if answer.place not in shown)


def _by_place(answers: Answers) -> dict[Place, list[JudgedAnswer]]:
    """Return the answers of each cut and turn, or split and turn; of those that came out alike the first."""
    places: dict[Place, list[JudgedAnswer]] = {}
    for answer in answers:
        same = places.setdefault((answer.split if answer.cut is None else answer.cut, answer.turn), [])
        if all(_unlikeness(answer, other) for other in same):
            same.append(answer)
    return places


def _most_like(answer: JudgedAnswer, others: Answers) -> JudgedAnswer:
    return min(others, key=lambda other: _unlikeness(answer, other))


def _unlikeness(one: JudgedAnswer, other: JudgedAnswer) -> int:
    """Return 0 for two answers that came out alike, more for other results, most for other findings."""
    return 2 * (one.names != other.names) + (one.result != other.result)
