"""Answers beside those that every run asks for, on an engine that cuts where it is told.

A finding is shown by the fewest cuts that still show it, and a candidate answers under the cuts of its baseline too.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from tests.harness.core.records.cut import Cut
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.split import Split, at, split_of

MOST_ASKED = 60
"""Cuts that are tried to find the smallest one of a finding."""

Judged = Callable[[Split], JudgedAnswer | None]
"""The answer under a split; None: a replay has none."""
Places = tuple[int, ...]
Shows = Callable[[Places], bool]


def under_cuts(
    cuts: Iterable[Cut], answers: Sequence[JudgedAnswer], length: int, judged: Judged
) -> Iterator[JudgedAnswer]:
    """Yield the answers under those of `cuts` that none of `answers` came in; `length`: of the text.

    No more are asked for once one comes in other deltas: the engine is told to run free, and cuts by chance.
    """
    for cut in sorted(set(cuts) - {answer.cut for answer in answers}):
        split = split_of(cut, length)
        answer = judged(split) if split else None
        if answer is None:
            continue
        if answer.cut != cut:
            return
        yield answer


def smallest(
    names: Collection[str], answers: Sequence[JudgedAnswer], length: int, judged: Judged
) -> Iterator[JudgedAnswer]:
    """Yield, of each unexplained finding (`check/symptom`), the answer in the fewest deltas that shows it.

    Nothing where that is one of `answers`, or where no answer of a known cut shows it.
    """
    known = {answer.cut for answer in answers}
    for name in sorted(names):
        shown = [answer for answer in answers if name in answer.unexplained and answer.cut]
        search = _Search(name, min(shown, key=_deltas), length, judged) if shown else None
        found = search.smallest() if search else None
        if found is not None and found.cut not in known:
            known.add(found.cut)
            yield found


class _Search:
    """For the fewest cuts that show one finding."""

    def __init__(self, name: str, first: JudgedAnswer, length: int, judged: Judged) -> None:
        self._name = name
        self._split = split_of(first.cut or (), length)
        self._judged = judged
        self._answers: dict[Places, JudgedAnswer | None] = {}

    def smallest(self) -> JudgedAnswer | None:
        """Return the answer under the fewest cuts; None: there are no fewer."""
        if self._split is None or not self._split.cuts:
            return None
        places = fewest(self._split.cuts, self._shows)
        return self._answers.get(places)

    def _shows(self, places: Places) -> bool:
        if self._split is None or len(self._answers) >= MOST_ASKED:
            return False
        if places not in self._answers:
            self._answers[places] = self._judged(at(*places, ends_with_text=self._split.ends_with_text))
        answer = self._answers[places]
        return answer is not None and self._name in answer.unexplained


def fewest(places: Places, shows: Shows) -> Places:
    """Return the fewest of `places` that show it, which all of them do: none, one, or so few that each is needed.

    By halves and what is left without them, in ever smaller parts (Zeller's delta debugging).
    """
    if shows(()):
        return ()
    left, parts = places, 2
    while len(left) > 1:
        if smaller := next(filter(shows, _parts(left, parts)), None):
            left, parts = smaller, 2
        elif smaller := next(filter(shows, _without_parts(left, parts)), None):
            left, parts = smaller, max(parts - 1, 2)
        elif parts < len(left):
            parts = min(2 * parts, len(left))
        else:
            break
    singly = ((place,) for place in places) if len(left) > 1 else ()
    return next(filter(shows, singly), left)


def _parts(places: Places, number: int) -> list[Places]:
    size = -(-len(places) // number)
    return [places[start : start + size] for start in range(0, len(places), size)]


def _without_parts(places: Places, number: int) -> Iterator[Places]:
    return (tuple(place for place in places if place not in part) for part in _parts(places, number))


def _deltas(answer: JudgedAnswer) -> int:
    return len(answer.cut or ())
