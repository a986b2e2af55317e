"""Generated texts against one deployment: all are judged, and what nobody explains is made as small as can be."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tests.harness.cases.dump import dump_case
from tests.harness.cases.generate.cases import Example, chosen, drawn_for, examples_in
from tests.harness.cases.generate.engine import smallest
from tests.harness.core.records.case import Mode
from tests.harness.core.records.fuzzing import Counterexample, Effort
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.report.evidence import Rerun
from tests.harness.report.generated import generated_failure_text
from tests.harness.suites.generated.drawn_splits import DrawnSplitsSuite

MOST_NAMES = 4
"""Different findings that are made smaller in one item; further ones are shown as they were met."""
MOST_TRIALS = 150
"""Texts that are tried to make one smaller."""
LONGEST_SEARCH_S = 60.0
_Name = tuple[str, tuple[int, ...]]


@dataclass
class FuzzSummary:
    """What became of all examples of an item; of answers that are right nothing is kept."""

    known: dict[str, JudgedAnswer] = field(default_factory=dict)
    """Known issue -> the first answer that shows it."""
    noted: dict[str, JudgedAnswer] = field(default_factory=dict)
    """Note -> the first answer that has it."""
    unexplained: dict[str, tuple[Example, JudgedAnswer]] = field(default_factory=dict)
    """`check/symptom` -> the first example that shows it, and the answer."""
    texts_with_known: int = 0
    texts_with_unexplained: int = 0

    def add(self, example: Example, judged: list[JudgedAnswer]) -> None:
        """Count the answers to one example."""
        for answer in judged:
            # Several defects in one text hide each other, so its silence says nothing about a `must` entry.
            entry = replace(answer, must_due=(), must_covering=())
            if entry.note:
                self.noted.setdefault(entry.note, entry)
            for explained in entry.findings:
                if explained.known_issue is None:
                    self.unexplained.setdefault(explained.finding.name, (example, entry))
            if not entry.unexplained:
                for name in entry.known_issues:
                    self.known.setdefault(name, entry)
        broken = any(entry.unexplained for entry in judged)
        self.texts_with_unexplained += broken
        self.texts_with_known += not broken and any(entry.findings for entry in judged)


@dataclass(frozen=True)
class Fuzzed:
    """What an item is judged by."""

    judged: tuple[JudgedAnswer, ...]
    """One answer a known issue, or one a kind of unexplained finding."""
    failure: str
    """The unexplained findings in words; empty if there are none."""


class GeneratedSuite:
    """Belongs to one test item."""

    def __init__(
        self, suite: DrawnSplitsSuite, effort: Effort, concurrency: int, item: str, rerun: Rerun
    ) -> None:
        """Take what asks and how much to ask; `item` is the item's id; requests go `concurrency` at a time."""
        self._suite = suite
        self._effort = effort
        self._concurrency = concurrency
        self._item = item
        self._rerun = rerun
        self._dialect = suite.server.deployment.profile.dialect

    def skip_reason(self, mode: Mode) -> str:
        """Return why there is nothing to judge here; empty if there is."""
        if not self._effort.examples:
            return "--fuzz-examples 0: no texts are generated"
        if skip_reason := self._suite.skip_reason():
            return skip_reason
        plan = self._suite.plan(chosen(1, 0, self._dialect)[0].case, mode)
        return "" if plan.splits else "; ".join(dict.fromkeys(reason for _, reason in plan.not_applicable))

    def run(self, mode: Mode) -> Fuzzed:
        """Judge every text. Raises InfrastructureError where one could not be forced or the server is gone."""
        summary = self._summary(mode)
        if not summary.unexplained:
            return Fuzzed(_once((*summary.known.values(), *summary.noted.values())), "")
        smallest_ones = list(self._counterexamples(summary, mode))
        failure = generated_failure_text(
            smallest_ones,
            list(summary.unexplained),
            self._effort,
            self._rerun,
            self._item,
            self._suite.recorded_answer,
        )
        shown = [example.answer for example in smallest_ones]
        shrunk = {example.name for example in smallest_ones}
        further = [answer for name, (_, answer) in summary.unexplained.items() if name not in shrunk]
        return Fuzzed(_once((*shown, *further)), failure)

    def _summary(self, mode: Mode) -> FuzzSummary:
        texts = chosen(self._effort.examples, self._effort.seed, self._dialect)
        self._suite.record_examples(texts, mode, self._concurrency)
        summary = FuzzSummary()
        for example in texts:
            summary.add(example, self._suite.judged_example(example, mode))
        right = len(texts) - summary.texts_with_known - summary.texts_with_unexplained
        self._suite.server.request.progress.line(
            "fuzz",
            f"{len(texts)} texts [{mode}], seed {self._effort.seed}: {right} right, {summary.texts_with_known}"
            f" with known issues, {summary.texts_with_unexplained} with unexplained findings",
        )
        return summary

    def _to_shrink(self, summary: FuzzSummary) -> list[str]:
        """Return the findings whose texts are made smaller: a few, and none whose causes written texts have shown."""
        names = [
            name
            for name, (_, answer) in summary.unexplained.items()
            if not self._suite.is_seen_enough(answer.unexplained_findings)
        ]
        return names[:MOST_NAMES]

    def _counterexamples(self, summary: FuzzSummary, mode: Mode) -> Iterator[Counterexample]:
        for name in self._to_shrink(summary):
            first, answer = summary.unexplained[name]
            search = _Search(self._suite, mode, name, first)
            example = smallest(
                examples_in(self._dialect), drawn_for(self._effort.examples), self._effort.seed, search.holds
            )
            best = search.answer_to(example) if example else answer
            case = example.case if example else first.case
            why = f"Generated with seed {self._effort.seed}: {name}, {mode}, split {best.split}."
            yield Counterexample(name, case, best, search.trials, dump_case(case, why))


class _Search:
    """For the smallest text that shows one kind of finding, beginning with one that does."""

    def __init__(self, suite: DrawnSplitsSuite, mode: Mode, wanted: str, first: Example) -> None:
        self._suite = suite
        self._mode: Mode = mode
        self._wanted = wanted
        self._first = first
        self._tried: dict[_Name, JudgedAnswer | None] = {}
        self._start = 0.0

    @property
    def trials(self) -> int:
        """Return texts that were tried."""
        return len(self._tried)

    def holds(self, example: Example) -> bool:
        """Return whether an example shows the finding; once the search has taken long enough no further one does."""
        name = _name(example)
        if not self._start:
            if name != _name(self._first):
                return False
            self._start = time.monotonic()
        if name not in self._tried:
            if self._is_spent():
                return False
            self._tried[name] = self._shown_by(example)
        return self._tried[name] is not None

    def answer_to(self, example: Example) -> JudgedAnswer:
        """Return what shows the finding in an example that `holds`."""
        answer = self._tried[_name(example)]
        if answer is None:
            raise ValueError(f"{example.case.id} does not show {self._wanted}")
        return answer

    def _is_spent(self) -> bool:
        return self.trials >= MOST_TRIALS or time.monotonic() - self._start > LONGEST_SEARCH_S

    def _shown_by(self, example: Example) -> JudgedAnswer | None:
        judged = self._suite.judged_example(example, self._mode)
        return next((entry for entry in judged if self._wanted in entry.unexplained), None)


def _once(entries: Iterable[JudgedAnswer]) -> tuple[JudgedAnswer, ...]:
    """Return each answer once, although it may show several things."""
    return tuple({id(entry): entry for entry in entries}.values())


def _name(example: Example) -> _Name:
    return example.case.id, example.picks
