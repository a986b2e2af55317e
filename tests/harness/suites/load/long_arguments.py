"""Arguments of growing length: the time for them grows as their length does, and others are answered meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from tests.harness.core.records.figure import Figure, figures_of
from tests.harness.core.records.finding import Finding
from tests.harness.judging.checks.load.rules import LONG_ARGUMENTS

STEEPEST = 0.5
"""Power of the length by which a call may take more time than the same text without tools: 1 is quadratic."""


@dataclass(frozen=True)
class Length:
    """Arguments of so many characters, streamed."""

    characters: int
    took_s: float
    plain_s: float
    """For the same text without tools: what the model itself needs on this machine at this moment."""
    longest_gap_s: float
    """Silence between two events: arguments that are held back show here."""
    pieces: int
    """Deltas that carried arguments."""
    wrong: str
    """What is wrong with the call; empty if its text arrived whole."""

    @property
    def ratio(self) -> float:
        """How many times longer a call takes than its text."""
        return self.took_s / self.plain_s if self.plain_s else 1.0

    def quickest(self, other: "Length") -> "Length":
        """The one with the lower ratio; what is wrong with either."""
        best = min(self, other, key=lambda length: length.ratio)
        return replace(best, wrong=self.wrong or other.wrong)

    def figures(self) -> tuple[Figure, ...]:
        """What was measured at this length."""
        return (
            *figures_of(f"arguments of {self.characters} characters", "s", [self.took_s]),
            *figures_of(f"longest silence in {self.characters} characters", "s", [self.longest_gap_s]),
            *figures_of(f"deltas of {self.characters} characters", "deltas", [float(self.pieces)]),
        )


def judge_lengths(lengths: Sequence[Length], lost: int, within_s: float) -> Sequence[Finding]:
    """`lost` are the probes of `/health` without an answer within so many seconds."""
    findings = [
        LONG_ARGUMENTS.finding(
            "no-whole-call",
            f"Arguments of {length.characters} characters do not arrive whole.",
            f"a call with {length.characters} characters",
            length.wrong,
        )
        for length in lengths
        if length.wrong
    ][:1]
    if not findings and is_steep(lengths):
        times = ", ".join(
            f"{length.characters} characters in {length.took_s:.2f} s, without tools {length.plain_s:.2f} s"
            for length in lengths
        )
        said = "The time for arguments grows faster than their length."
        expected = f"beyond the model's own time, length to the power of at most {STEEPEST}"
        findings.append(
            LONG_ARGUMENTS.finding("grows-faster", said, expected, f"{steepness(lengths):.2f}: {times}")
        )
    if lost:
        said = "While long arguments are streamed the server does not answer at /health."
        got = f"{lost} probes without an answer"
        findings.append(
            LONG_ARGUMENTS.finding("health-stalled", said, f"an answer within {within_s:g} s", got)
        )
    return findings


def is_steep(lengths: Sequence[Length]) -> bool:
    """Whether the time grows faster than the length does."""
    return steepness(lengths) > STEEPEST


def steepness(lengths: Sequence[Length]) -> float:
    """The exponent between the shortest and the longest, less that of the same texts without tools."""
    first, last = lengths[0], lengths[-1]
    return log(last.ratio / first.ratio) / log(last.characters / first.characters)
