"""Generated texts against one deployment: all are judged, and what nobody explains is made as small as can be."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tests.harness.cases.dump import dump_case
from tests.harness.cases.generate.cases import Example, chosen, drawn_for, examples
from tests.harness.cases.generate.engine import smallest
from tests.harness.core.records.case import Mode
from tests.harness.core.records.fuzzing import Counterexample, Effort
from tests.harness.core.records.judged import Judged
from tests.harness.report.generated import generated_failure_text
from tests.harness.suites.generated.drawn_splits import DrawnSplitsSuite

MOST_KINDS = 4
"""Kinds of findings that are made smaller in one item; further ones are shown as they were met."""
MOST_TRIALS = 150
"""Texts that are tried to make one smaller."""
LONGEST_SEARCH_S = 60.0
_Name = tuple[str, tuple[int, ...]]


@dataclass
class FuzzSummary:
    """What became of all examples of an item; of answers that are right nothing is kept."""

    known: dict[str, Judged] = field(default_factory=dict)
    """Known issue -> the first answer that shows it."""
    noted: dict[str, Judged] = field(default_factory=dict)
    """Note -> the first answer that has it."""
    unexplained: dict[str, tuple[Example, Judged]] = field(default_factory=dict)
    """`check/symptom` -> the first example that shows it, and the answer."""
    texts_with_known: int = 0
    texts_with_unexplained: int = 0

    def add(self, example: Example, judged: list[Judged]) -> None:
        """Take in the answers to one example."""
        for answer in judged:
            # Several defects in one text hide each other, so its silence says nothing about a `must` entry.
            entry = replace(answer, covered=())
            if entry.note:
                self.noted.setdefault(entry.note, entry)
            for name in kinds(entry):
                self.unexplained.setdefault(name, (example, entry))
            if not kinds(entry):
                for found in entry.judgements:
                    self.known.setdefault(found.known_issue or "", entry)
        broken = any(kinds(entry) for entry in judged)
        self.texts_with_unexplained += broken
        self.texts_with_known += not broken and any(entry.judgements for entry in judged)


@dataclass(frozen=True)
class Fuzzed:
    """What an item is judged by."""

    judged: tuple[Judged, ...]
    """One answer a known issue, or one a kind of unexplained finding."""
    failure: str
    """The unexplained findings in words; empty if there are none."""


class GeneratedSuite:
    """Belongs to one test item."""

    def __init__(self, forced_suite: DrawnSplitsSuite, effort: Effort, concurrency: int, item: str) -> None:
        """`item` is the item's id; requests go `concurrency` at a time."""
        self._forcer = forced_suite
        self._effort = effort
        self._concurrency = concurrency
        self._item = item

    def skip_reason(self, mode: Mode) -> str:
        """Why there is nothing to judge here; empty if there is."""
        if not self._effort.examples:
            return "--fuzz-examples 0: no texts are generated"
        if skip_reason := self._forcer.skip_reason():
            return skip_reason
        plan = self._forcer.plan(chosen(1, 0)[0].case, mode)
        return "" if plan.splits else "; ".join(dict.fromkeys(reason for _, reason in plan.not_applicable))

    def run(self, mode: Mode) -> Fuzzed:
        """Judge every text. Raises InfrastructureError where one could not be forced or the server is gone."""
        survey = self._survey(mode)
        if not survey.unexplained:
            return Fuzzed(_once((*survey.known.values(), *survey.noted.values())), "")
        exhibits = list(self._exhibits(survey, mode))
        failure = generated_failure_text(
            exhibits, list(survey.unexplained), self._effort, self._forcer.live.deployment, self._item
        )
        shown = [exhibit.judged for exhibit in exhibits]
        further = [judged for _, judged in list(survey.unexplained.values())[MOST_KINDS:]]
        return Fuzzed(_once((*shown, *further)), failure)

    def _survey(self, mode: Mode) -> FuzzSummary:
        texts = chosen(self._effort.examples, self._effort.seed)
        self._forcer.record_examples(texts, mode, self._concurrency)
        survey = FuzzSummary()
        for example in texts:
            survey.add(example, self._forcer.judged_example(example, mode))
        right = len(texts) - survey.texts_with_known - survey.texts_with_unexplained
        self._forcer.live.request.progress.line(
            "fuzz",
            f"{len(texts)} texts [{mode}], seed {self._effort.seed}: {right} right, {survey.texts_with_known}"
            f" with known issues, {survey.texts_with_unexplained} with unexplained findings",
        )
        return survey

    def _exhibits(self, survey: FuzzSummary, mode: Mode) -> Iterator[Counterexample]:
        for kind in list(survey.unexplained)[:MOST_KINDS]:
            first, judged = survey.unexplained[kind]
            search = _Search(self._forcer, mode, kind, first)
            found = smallest(examples, drawn_for(self._effort.examples), self._effort.seed, search.holds)
            best = search.answer_to(found) if found else judged
            why = f"Generated with seed {self._effort.seed}: {kind}, {mode}, split {best.context.split}."
            yield Counterexample(kind, best, search.trials, dump_case(best.context.case, why))


class _Search:
    """For the smallest text that shows one kind of finding, beginning with one that does."""

    def __init__(self, forced_suite: DrawnSplitsSuite, mode: Mode, kind: str, first: Example) -> None:
        self._forcer = forced_suite
        self._mode: Mode = mode
        self._kind = kind
        self._first = first
        self._tried: dict[_Name, Judged | None] = {}
        self._began = 0.0

    @property
    def trials(self) -> int:
        """Texts that were tried."""
        return len(self._tried)

    def holds(self, example: Example) -> bool:
        """Whether an example shows the finding; once the search has taken long enough no further one does."""
        name = _name(example)
        if not self._began:
            if name != _name(self._first):
                return False
            self._began = time.monotonic()
        if name not in self._tried:
            if self._is_spent():
                return False
            self._tried[name] = self._shown_by(example)
        return self._tried[name] is not None

    def answer_to(self, example: Example) -> Judged:
        """What shows the finding in an example that `holds`."""
        answer = self._tried[_name(example)]
        if answer is None:
            raise ValueError(f"{example.case.id} does not show {self._kind}")
        return answer

    def _is_spent(self) -> bool:
        return self.trials >= MOST_TRIALS or time.monotonic() - self._began > LONGEST_SEARCH_S

    def _shown_by(self, example: Example) -> Judged | None:
        judged = self._forcer.judged_example(example, self._mode)
        return next((entry for entry in judged if self._kind in kinds(entry)), None)


def _once(entries: Iterable[Judged]) -> tuple[Judged, ...]:
    """Each answer once, although it may show several things."""
    return tuple({id(entry): entry for entry in entries}.values())


def _name(example: Example) -> _Name:
    return example.case.id, example.picks


def kinds(judged: Judged) -> list[str]:
    """`check/symptom` of every unexplained finding."""
    return [found.finding.name for found in judged.judgements if found.known_issue is None]
