"""A run as a report tells it: one column of the matrix, one entry under the verdict."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.cause import Cause
from tests.harness.core.records.comparison import Comparison
from tests.harness.core.records.outcome import JUDGED, Outcome, Result
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Verdict, Word
from tests.harness.report.effects import effects_line

RESULTS: tuple[Result, ...] = (
    "infrastructure", "error", "failed", "known", "unstable", "not-recorded", "passed", "not-applicable",
)  # fmt: skip
"""The worst first: what a cell shows of several answers."""


@dataclass(frozen=True)
class Blocker:
    """One reason for a no-go, with what proves it."""

    title: str
    description: str
    """What it is: `regression; before: passed`."""
    case: str = ""
    """Empty: it is about no single case."""
    evidence: tuple[str, ...] = ()
    """Lines: the findings, and the frames that show them."""
    again: tuple[str, ...] = ()
    """Commands with which it is seen again."""


@dataclass(frozen=True)
class RunReport:
    """One run with all that a report says about it."""

    run: Run
    basis: Basis
    verdict: Verdict | None
    """None: a baseline; it is compared, and has no verdict of its own."""
    recorded: Callable[[str], RecordedAnswer | None]
    """The recording of a name, read when it is needed; None: there is none."""
    prove: Callable[[Outcome], list[str]]
    """Lines that prove what an item showed, read when they are needed."""
    comparison: Comparison | None = None
    causes: tuple[Cause, ...] = ()
    """Of its unexplained findings, the weightiest first."""
    blockers: tuple[Blocker, ...] = ()
    notes: tuple[str, ...] = ()
    """Further lines under the verdict: what differs, what a fix changes in the ledger."""

    @property
    def word(self) -> Word | None:
        """Return go, no-go or no verdict; None: a baseline."""
        return self.verdict.word if self.verdict else None

    @property
    def shown_word(self) -> str:
        """Return the word as people read it, `GO (part)` of a run that left items out; empty: a baseline."""
        return self.verdict.shown if self.verdict else ""

    @property
    def reason(self) -> str:
        """Return all reasons for the word in a line; empty: a baseline."""
        return self.verdict.reason if self.verdict else ""

    @property
    def met(self) -> str:
        """Return what users will meet, in a line; empty where nothing known showed that does harm."""
        return effects_line(self.run.outcomes, self.basis)

    @property
    def is_complete(self) -> bool:
        """Return whether its session came to its end."""
        return self.run.footer is not None


def result_of(result: Result, found: bool, unexplained: bool) -> Result:
    """Return what an item or an answer is to a reader: by its findings, where it was judged.

    What a baseline shows fails no item, and a finding is one all the same.
    """
    if result in JUDGED and found:
        return "failed" if unexplained else "known"
    return result


def worst(results: list[Result]) -> Result | None:
    """Return the one that a cell shows."""
    return min(results, key=RESULTS.index, default=None)
