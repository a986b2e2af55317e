"""The one honest word, and why it is that."""

from dataclasses import dataclass, replace
from typing import Literal

Word = Literal["GO", "NO-GO", "NO VERDICT"]
EXIT_STATUS: dict[Word, int] = {"GO": 0, "NO-GO": 1, "NO VERDICT": 10}
Obstacle = Literal[
    "infrastructure",
    "suite-error",
    "nothing-judged",
    "nothing-in-common",
    "worker-lost",
    "unwritable",
    "baseline-not-run",
    "incomplete-run",
    "incomplete-recording",
]
"""Every reason for which there can be no verdict."""
BlockerKind = Literal[
    "first-question",
    "unexplained",
    "stale",
    "harm",
    "unstable",
    "regression",
    "known-regression",
    "coverage",
    "changed",
]
"""Every reason for a no-go."""
ReasonKind = Literal[Obstacle, BlockerKind, "nothing-unexplained", "nothing-worse", "saved"]
"""`saved`: as a run file says it; which kind it was is not kept there."""


@dataclass(frozen=True)
class Reason:
    """One reason for a word."""

    kind: ReasonKind
    text: str
    """A clause in the words of the reader of a verdict."""


@dataclass(frozen=True)
class Verdict:
    """The word for one deployment and the reasons for it."""

    word: Word
    reasons: tuple[Reason, ...]
    partial: bool = False
    """Not all items were judged: a filter left some out, or a recording does not hold them."""

    @property
    def reason(self) -> str:
        """Return all reasons in a line."""
        return "; ".join(reason.text for reason in self.reasons)

    @property
    def shown(self) -> str:
        """Return the word as people read it: `GO`, or `GO (part)` of a run that left items out."""
        return f"{self.word} (part)" if self.partial and self.word != "NO VERDICT" else self.word

    @property
    def exit_status(self) -> int:
        """Return the exit status: 0 go, 1 no-go, 10 no verdict."""
        return EXIT_STATUS[self.word]

    def of_part(self, partial: bool) -> "Verdict":
        """Return the verdict, said of a part of the items or of all."""
        return replace(self, partial=partial)


def no_verdict(kind: Obstacle, text: str) -> Verdict:
    """Return the verdict on what could not be judged."""
    return Verdict("NO VERDICT", (Reason(kind, text),))
