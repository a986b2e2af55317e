"""Forced answers to generated cases, each under the splits that it drew."""

from collections.abc import Sequence

from tests.harness.cases.generate.cases import Example
from tests.harness.cases.splits import Plan, cut_positions
from tests.harness.core.records.case import Case, Depth, Mode
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.split import CHAR, Split, at
from tests.harness.judging.judge import Judge
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.forced import ForcedSuite


class DrawnSplitsSuite(ForcedSuite):
    """A forced suite whose plans hold the splits that were drawn, and no others."""

    def __init__(self, answer_store: AnswerStore, judge: Judge, depth: Depth) -> None:
        """Take what asks and what judges, all of one deployment."""
        super().__init__(answer_store, judge, depth)
        self._drawn: dict[str, tuple[Split, ...]] = {}

    def plan(self, case: Case, mode: Mode) -> Plan:
        """Return the drawn splits of a case; not streamed there is nothing to draw."""
        offered = super().plan(case, mode)
        if mode == "whole" or case.id not in self._drawn:
            return offered
        return Plan(self._drawn[case.id], ())

    def record_examples(self, examples: Sequence[Example], mode: Mode, concurrency: int) -> None:
        """Record all that these examples need, `concurrency` requests at once; each case is in one of them."""
        for example in examples:
            self._draw(example, mode)
        wanted = [(example.case, mode) for example in examples]
        self.record_side_by_side(wanted, concurrency, self.server.request.progress)

    def judged_example(self, example: Example, mode: Mode) -> list[JudgedAnswer]:
        """Judge an example under its drawn splits; an unexplained finding counts only if it shows each time."""
        self._draw(example, mode)
        return self.confirmed(example.case, mode)

    def _draw(self, example: Example, mode: Mode) -> None:
        """Let an example's numbers pick among the splits on offer; the first is the one that no tokenizer changes."""
        offered = sorted(super().plan(example.case, mode).splits, key=lambda split: split != CHAR)
        picked = [offered[pick % len(offered)] for pick in example.picks if offered]
        if self.cuts_exactly:
            places = cut_positions(example.case)
            picked.append(at(*sorted({places[cut % len(places)] for cut in example.picks if places})))
        self._drawn[example.case.id] = tuple(dict.fromkeys(picked))
