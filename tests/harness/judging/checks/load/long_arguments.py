"""The time for arguments grows as their length does, they arrive whole, and others are answered meanwhile."""

from collections.abc import Sequence
from math import log

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.load import Length
from tests.harness.judging.check import Check

STEEPEST = 0.5
"""Power of the length by which a call may take more time than the same text without tools: 1 is quadratic."""
CHECK = Check(
    "long-arguments",
    {
        "no-whole-call": "Long arguments do not arrive.",
        "grows-faster": "The time for arguments grows faster than their length.",
        "health-stalled": "While long arguments are streamed the server does not answer at /health.",
    },
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    harm={"no-whole-call": "wrong-call", "health-stalled": "outage"},
)


def judge_lengths(lengths: Sequence[Length], lost_probes: int, within_s: float) -> Sequence[Finding]:
    """Judge lengths; `lost` are the probes of `/health` without an answer within so many seconds."""
    findings = [
        CHECK.finding(
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
        expected = f"beyond the model's own time, length to the power of at most {STEEPEST}"
        findings.append(CHECK.as_described("grows-faster", expected, f"{steepness(lengths):.2f}: {times}"))
    if lost_probes:
        got = f"{lost_probes} probes without an answer"
        findings.append(CHECK.as_described("health-stalled", f"an answer within {within_s:g} s", got))
    return findings


def is_steep(lengths: Sequence[Length]) -> bool:
    """Return whether the time grows faster than the length does."""
    return steepness(lengths) > STEEPEST


def steepness(lengths: Sequence[Length]) -> float:
    """Return the exponent between the shortest and the longest, less that of the same texts without tools."""
    first, last = lengths[0], lengths[-1]
    return log(last.ratio / first.ratio) / log(last.characters / first.characters)
