"""Asks again for what nobody explains, and tells a defect from what a busy machine does to a stream.

There several deltas reach the parser as one, whatever was asked for: a defect of which the ledger says that it shows
where deltas are long then shows where they are short, sometimes twice in a row.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.judged_answer import Intermittent, JudgedAnswer, note_of
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.judge import Judge
from tests.harness.suites.seen_causes import SeenCauses

ATTEMPTS = 6
"""As often has to come what longer deltas would explain, the first time included; anything else: twice."""
RERUN_BUDGET = 200
"""Attempts of a deployment after which all has to come but twice: where so much comes again, it is not the machine."""

Again = Callable[[int], Collection[str]]
"""The names of what nobody explains in attempt 1, 2 and so on; the first answer is attempt 0."""


@dataclass(frozen=True)
class Repeated:
    """What became of some findings."""

    lasting: frozenset[str]
    """Names of those that showed each time."""
    intermittent: tuple[Intermittent, ...]
    """The others, sorted by name."""


class Confirmation:
    """Belongs to one deployment."""

    def __init__(self) -> None:
        """Begin with the whole budget of further requests."""
        self._left = RERUN_BUDGET
        self.seen = SeenCauses()

    def repeated(
        self, names: frozenset[str], again: Again, chunking_dependent: Collection[str] = ()
    ) -> Repeated:
        """Ask until it is clear which of `names` last; `chunking_dependent` are those that longer deltas
        would explain.

        A replay asks no more than was recorded.
        """
        seen, asked, lasting = Counter(names), 1, names
        while due := lasting if asked == 1 else lasting.intersection(chunking_dependent):
            if asked == ATTEMPTS or (asked > 1 and not self._left):
                break
            try:
                names_shown = frozenset(again(asked))
            except NotRecorded:
                break
            self._left -= 1 if asked > 1 else 0
            asked += 1
            seen.update(names_shown)
            lasting -= due - names_shown
        passing = sorted(name for name in seen if name not in lasting)
        return Repeated(
            lasting, tuple(Intermittent(name, f"{seen[name]} of {asked} times") for name in passing)
        )

    def judged(self, judge: Judge, first: CheckContext, again: Callable[[int], CheckContext]) -> JudgedAnswer:
        """Judge an answer; `again` asks for attempt 1, 2 and so on. An id that came twice needs no second attempt."""
        answer = judge.judge(first)
        dependent = judge.chunking_dependent(first, answer)
        confirmed = self.confirmed(answer, dependent, lambda attempt: judge.judge(again(attempt)))
        return judge.with_ids(first, confirmed)

    def confirmed(
        self, judged: JudgedAnswer, chunking_dependent: Collection[str], again: Callable[[int], JudgedAnswer]
    ) -> JudgedAnswer:
        """Return an answer less the unexplained findings that do not last: those are noted with their rates.

        Nothing is asked again where all of them have causes that were seen often enough.
        """
        if self.seen.is_enough(judged.unexplained_findings):
            return judged

        def names_of(attempt: int) -> frozenset[str]:
            answer = again(attempt)
            return answer.unexplained | (answer.names & judged.unexplained)

        repeated = self.repeated(judged.unexplained, names_of, chunking_dependent)
        remaining = judged.without(judged.unexplained - repeated.lasting)
        self.seen.note(judged.case, remaining.unexplained_findings, repeated.intermittent)
        return noted(remaining, repeated.intermittent)


def without_lasting(answer: JudgedAnswer, lasting: Collection[str]) -> JudgedAnswer:
    """Return the answer less notes of findings that another split shows for good."""
    remaining = tuple(entry for entry in answer.intermittent if entry.name not in lasting)
    return replace(answer, intermittent=remaining, note=note_of(remaining)) if answer.intermittent else answer


def noted(answer: JudgedAnswer, intermittent: tuple[Intermittent, ...]) -> JudgedAnswer:
    """Return the answer with a note of the findings that did not show each time."""
    return replace(answer, intermittent=intermittent, note=note_of(intermittent)) if intermittent else answer
