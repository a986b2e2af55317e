"""Two runs side by side: the baseline before, the candidate after."""

from dataclasses import dataclass
from typing import Literal

from tests.harness.core.records.figure import Figure
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.run import Header
from tests.harness.core.records.verdict import Reason

Kind = Literal[
    "regression",
    "known-regression",
    "stale",
    "coverage",
    "fixed",
    "changed",
    "flaky",
    "not-comparable",
    "broken",
    "unchanged",
]
"""In the order in which they are told: what blocks first.

`changed`: another result, right in both or wrong in the same way. `flaky`: it differs by known defects alone that come
and go, and that the baseline shows too. `not-comparable`: the same text came in other deltas.
"""


@dataclass(frozen=True)
class Row:
    """One answer in both runs: of an item, in a mode and turn, and of the same cut where that is known."""

    kind: Kind
    item: str
    """Without the deployment's label."""
    case: str
    mode: str
    split: str
    turn: int
    before: JudgedAnswer | None
    """None: missing or not applicable there."""
    after: JudgedAnswer | None
    blocks: bool
    issues: tuple[str, ...] = ()
    """Ledger entries: those that explain what is new, that are stale, or that a fix leaves to be changed."""
    note: str = ""
    """Why an answer is missing."""


@dataclass(frozen=True)
class FigureRatio:
    """A measured quantity in both runs: for people to read, it blocks nothing."""

    before: Figure
    after: Figure
    ratio: float
    """Of the middle values, now by before."""
    interval: tuple[float, float] | None
    """In which the ratio lies 95 times of 100; None: too few samples to say."""

    @property
    def summary(self) -> str:
        """Return the ratio and both values in a line."""
        between = ", 95 of 100 between {:.2f} and {:.2f}".format(*self.interval) if self.interval else ""
        before, now = (f"{figure.at(0.5):.3g} {figure.unit}".strip() for figure in (self.before, self.after))
        return f"{before} before, {now} now: {self.ratio:.2f} times{between}"


@dataclass(frozen=True)
class Comparison:
    """A candidate against its baseline."""

    before: Header
    after: Header
    rows: tuple[Row, ...]
    reasons: tuple[Reason, ...]
    """Why the candidate may not go live, or cannot be compared; empty: nothing got worse."""
    differs: tuple[str, ...] = ()
    """What is not the same about the two runs themselves: profile, case set, depth."""
    stale: tuple[str, ...] = ()
    """Ids of `must` entries that did not show although they had to."""
    gone: tuple[str, ...] = ()
    """Ids of `may` entries that show nowhere any more, and too often before for that to be chance."""

    figures: tuple[FigureRatio, ...] = ()

    def of(self, *kinds: Kind) -> tuple[Row, ...]:
        """Return the rows of these kinds."""
        return tuple(row for row in self.rows if row.kind in kinds)
