"""Unexplained findings gathered by cause, the weightiest first: a parser that raises at once is one, not hundreds."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from tests.harness.core.records.cause import Cause, CauseKey
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.core.records.known_issue import HARMS, Harm
from tests.harness.core.records.outcome import JUDGED, Outcome
from tests.harness.judging.check import Check
from tests.harness.judging.registry import all_checks

GRAVE: frozenset[Harm] = frozenset({"outage", "wrong-call"})
"""What stands before all else, however seldom it shows."""

Sent = Callable[[JudgedAnswer], int]
"""How much the server sent for an answer."""


@dataclass(frozen=True)
class _Showing:
    """One answer that shows a cause."""

    outcome: Outcome
    answer: JudgedAnswer
    """With the findings of the cause alone."""


def causes_of(
    outcomes: Iterable[Outcome], sizes: Mapping[str, int] | None = None, sent: Sent | None = None
) -> list[Cause]:
    """Return the causes of all unexplained findings.

    `sizes`: characters of each case's text, and `sent` what its answers came to; by these the smallest answer of a
    cause is found. A case that `sizes` does not name is taken for a large one.
    """
    showings: dict[CauseKey, list[_Showing]] = {}
    streams: dict[str, list[JudgedAnswer]] = {}
    for outcome in outcomes:
        if outcome.result in JUDGED:
            for answer in outcome.answers:
                if answer.cut:
                    streams.setdefault(answer.case, []).append(answer)
                for key, findings in _by_key(answer).items():
                    part = replace(answer, findings=tuple(findings))
                    showings.setdefault(key, []).append(_Showing(outcome, part))
    causes = [_cause(key, shown, streams, sizes or {}, sent) for key, shown in showings.items()]
    return sorted(causes, key=lambda cause: (cause.harm not in GRAVE, -cause.cases, -cause.answers))


def _by_key(answer: JudgedAnswer) -> dict[CauseKey, list[ExplainedFinding]]:
    by_key: dict[CauseKey, list[ExplainedFinding]] = {}
    for explained in answer.findings:
        if explained.known_issue is None:
            by_key.setdefault(CauseKey.of(explained.finding), []).append(explained)
    return by_key


def _cause(
    key: CauseKey,
    shown: list[_Showing],
    streams: Mapping[str, list[JudgedAnswer]],
    sizes: Mapping[str, int],
    sent: Sent | None,
) -> Cause:
    counts = Counter(name for showing in shown for name in showing.answer.names)
    smallest = _smallest(shown, sizes, sent)
    first = sorted(smallest.answer.names)
    others = [name for name, _ in counts.most_common() if name not in first]
    return Cause(
        key=key,
        names=(*first, *others),
        harm=min(map(_harm_of, counts), key=HARMS.index),
        answers=len(shown),
        cases=len({showing.answer.case for showing in shown}),
        items=len({showing.outcome.item for showing in shown}),
        item=smallest.outcome.item,
        case=smallest.outcome.case,
        answer=smallest.answer,
        cut_tags=_cut_tags([showing.answer for showing in shown], streams),
    )


def _cut_tags(shown: list[JudgedAnswer], streams: Mapping[str, list[JudgedAnswer]]) -> tuple[str, ...]:
    """Return the tags of all cuts that show a cause, less those of every other cut of the same cases.

    None if one of the answers came in no known cut: then the cut is not what matters.
    """
    if not all(answer.cut for answer in shown):
        return ()
    shown_at = {(answer.case, answer.split) for answer in shown}
    others = [
        answer
        for case in dict.fromkeys(answer.case for answer in shown)
        for answer in streams[case]
        if (case, answer.split) not in shown_at
    ]
    common = frozenset.intersection(*(frozenset(answer.cut_tags) for answer in shown))
    return tuple(sorted(tag for tag in common if any(tag not in answer.cut_tags for answer in others)))


def _smallest(shown: list[_Showing], sizes: Mapping[str, int], sent: Sent | None) -> _Showing:
    """Return the answer to the shortest text, of these the shortest one, of these one that is not streamed.

    One of the chat address goes before what a client or many requests showed: it takes one request to see it again.
    """
    size = min(sizes.get(showing.answer.case, math.inf) for showing in shown)
    tied = [showing for showing in shown if sizes.get(showing.answer.case, math.inf) == size]
    return min(
        tied,
        key=lambda showing: (
            not all(map(_is_of_one_answer, showing.answer.names)),
            sent(showing.answer) if sent else 0,
            showing.answer.mode == "stream",
        ),
    )


def _harm_of(name: str) -> Harm:
    check, _, symptom = name.partition("/")
    known = _checks().get(check)
    return known.harm_of(symptom) if known else HARMS[-1]


def _is_of_one_answer(name: str) -> bool:
    known = _checks().get(name.partition("/")[0])
    return known is not None and known.judge is not None


@cache
def _checks() -> Mapping[str, Check]:
    return {check.id: check for check in all_checks()}
