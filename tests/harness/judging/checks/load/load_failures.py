"""Streams end well, and side by side no more of them fail than one at a time."""

from collections.abc import Iterator, Sequence
from math import comb

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.load import Level, Stream
from tests.harness.judging.check import Check
from tests.harness.judging.checks.support.levels import first_of

LEAST_CHANCE = 0.01
"""Below it, more failures under load are not put down to chance."""
ALONE = 1
CHECK = Check(
    "load-failures",
    {
        "refused": "A valid request was answered with another status than 200.",
        "broken-off": "A stream broke, carried an error or ended without its end marker.",
        "more-under-load": "More streams fail side by side than one at a time, and it is not by chance.",
    },
    "https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    harm="outage",
)
REFUSED, BROKEN_OFF = CHECK["refused"].name, CHECK["broken-off"].name


def names_of(stream: Stream) -> Iterator[str]:
    """Yield the name of how one stream failed."""
    if stream.refused:
        yield REFUSED
    elif stream.broken:
        yield BROKEN_OFF


def judge_levels(levels: Sequence[Level]) -> Iterator[Finding]:
    """Yield each symptom once, with the first stream that shows it and how many do."""
    for stream, counts in first_of(levels, BROKEN_OFF):
        expected = "a stream that ends with [DONE]"
        yield CHECK.finding("broken-off", "A stream broke off.", expected, f"{stream.broken}; {counts}")
    for stream, counts in first_of(levels, REFUSED):
        yield refused(f"{stream.refused}; {counts}")
    alone = next((level for level in levels if level.at_once == ALONE), None)
    worse = [level for level in levels if alone and level is not alone and _is_more(alone, level)]
    if alone and worse:
        failed = (f"{level.at_once} at once: {level.failed} of {level.number} failed" for level in worse)
        expected = f"as one at a time: {alone.failed} of {alone.number} failed"
        message = "Side by side more streams fail than one at a time."
        yield CHECK.finding("more-under-load", message, expected, ", ".join(failed))


def refused(got: str) -> Finding:
    """Return the finding of a valid request that was refused."""
    return CHECK.finding("refused", "A valid request was refused.", "HTTP status 200", got)


def _is_more(alone: Level, level: Level) -> bool:
    """Return whether more fail than chance gives: Fisher's exact test, one-sided (doi.org/10.2307/2340521)."""
    if level.failed * alone.number <= alone.failed * level.number:
        return False
    all_, failed = alone.number + level.number, alone.failed + level.failed
    ways = sum(
        comb(level.number, count) * comb(alone.number, failed - count)
        for count in range(level.failed, min(failed, level.number) + 1)
    )
    return ways / comb(all_, failed) < LEAST_CHANCE
