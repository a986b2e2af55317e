"""Asks again for what nobody explains, where it is not known how the stream was cut.

There several deltas may have reached the parser as one, or the connection may have dropped. Where the cut is known, an
answer is a fact: the same text under the same cut comes to the same result, or that is a finding itself.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.judged_answer import Intermittent, JudgedAnswer, note_of
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.judge import Judge
from tests.harness.suites.seen_causes import SeenCauses

ATTEMPTS = 2
"""As often has to come what is asked again, the first time included."""
ATTEMPTS_OF_TWO_STREAMS = 6
"""The same for what tells two streams apart that are cut independently, and neither says how: each may have been it."""

Again = Callable[[int], Collection[str]]
"""The names of what nobody explains in attempt 1, 2 and so on; the first answer is attempt 0."""


@dataclass(frozen=True)
class Repeated:
    """What became of some findings."""

    lasting: frozenset[str]
    """Names of those that showed each time."""
    intermittent: tuple[Intermittent, ...]
    """The others, sorted by name."""


def repeated(names: frozenset[str], again: Again, attempts: int = ATTEMPTS) -> Repeated:
    """Ask until it is clear which of `names` last. A replay asks no more than was recorded."""
    seen, asked, lasting = Counter(names), 1, names
    while lasting and asked < attempts:
        try:
            names_shown = frozenset(again(asked))
        except NotRecorded:
            break
        asked += 1
        seen.update(names_shown)
        lasting &= names_shown
    passing = sorted(name for name in seen if name not in lasting)
    return Repeated(lasting, tuple(Intermittent(name, f"{seen[name]} of {asked} times") for name in passing))


def confirmed_context(
    judge: Judge, first: CheckContext, again: Callable[[int], CheckContext], seen: SeenCauses
) -> JudgedAnswer:
    """Judge an answer; `again` asks for attempt 1, 2 and so on. An id that came twice needs no second attempt."""
    answer = judge.judge(first)
    if is_doubtful(first):
        answer = confirmed(answer, lambda attempt: judge.judge(again(attempt)), seen)
    else:
        seen.note(answer.case, answer.unexplained_findings, ())
    return judge.with_ids(first, answer)


def is_doubtful(context: CheckContext) -> bool:
    """Return whether the answer to the same request may be another one: its cut is unknown, or the transfer broke."""
    return context.exchange.error is not None or context.cut is None


def confirmed(judged: JudgedAnswer, again: Callable[[int], JudgedAnswer], seen: SeenCauses) -> JudgedAnswer:
    """Return an answer less the unexplained findings that do not last: those are noted with their rates.

    Nothing is asked again where all of them have causes that were seen often enough.
    """
    if seen.is_enough(judged.unexplained_findings):
        return judged

    def names_of(attempt: int) -> frozenset[str]:
        answer = again(attempt)
        return answer.unexplained | (answer.names & judged.unexplained)

    outcome = repeated(judged.unexplained, names_of)
    remaining = judged.without(judged.unexplained - outcome.lasting)
    seen.note(judged.case, remaining.unexplained_findings, outcome.intermittent)
    return noted(remaining, outcome.intermittent)


def without_lasting(answer: JudgedAnswer, lasting: Collection[str]) -> JudgedAnswer:
    """Return the answer less notes of findings that another split shows for good."""
    remaining = tuple(entry for entry in answer.intermittent if entry.name not in lasting)
    return replace(answer, intermittent=remaining, note=note_of(remaining)) if answer.intermittent else answer


def noted(answer: JudgedAnswer, intermittent: tuple[Intermittent, ...]) -> JudgedAnswer:
    """Return the answer with a note of the findings that did not show each time."""
    return replace(answer, intermittent=intermittent, note=note_of(intermittent)) if intermittent else answer
