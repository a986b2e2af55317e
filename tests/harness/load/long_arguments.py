"""Arguments of growing length: the time for them grows as their length does, and others are answered meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from tests.harness.load.rules import LONG_ARGUMENTS
from tests.harness.records.finding import Finding

STEEPEST = 1.5
"""Exponent of time by length: 1 is linear, 2 is quadratic; caches, noise and grammars lie well below the middle."""


@dataclass(frozen=True)
class Length:
    """Arguments of so many characters, streamed."""

    characters: int
    took_s: float
    """The quickest of the attempts, so that a busy moment counts for nothing."""
    longest_gap_s: float
    """Silence between two events: arguments that are held back show here."""
    pieces: int
    """Deltas that carried arguments."""
    wrong: str
    """What is wrong with the call; empty if its text arrived whole."""


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
    steep = steepness(lengths)
    if not findings and steep is not None and steep > STEEPEST:
        times = ", ".join(f"{length.characters} characters in {length.took_s:.2f} s" for length in lengths)
        said = "The time for arguments grows faster than their length."
        expected = f"time by length to the power of at most {STEEPEST}"
        findings.append(LONG_ARGUMENTS.finding("grows-faster", said, expected, f"{steep:.2f}: {times}"))
    if lost:
        said = "While long arguments are streamed the server does not answer at /health."
        got = f"{lost} probes without an answer"
        findings.append(
            LONG_ARGUMENTS.finding("health-stalled", said, f"an answer within {within_s:g} s", got)
        )
    return findings


def steepness(lengths: Sequence[Length]) -> float | None:
    """The exponent between the shortest and the longest."""
    if len(lengths) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    first, last = lengths[0], lengths[-1]
    return log(last.took_s / first.took_s) / log(last.characters / first.characters)
