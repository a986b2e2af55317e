"""Streams side by side, each with a secret of its own: none leaks, none is lost, and no more fail than one by one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import comb

from tests.harness.core.records.figure import Figure, figures_of
from tests.harness.core.records.finding import Finding
from tests.harness.judging.checks.load.rules import LOAD_FAILURES, NONCE
from tests.harness.suites.load.samples import Samples
from tests.harness.suites.load.streams import Stream

LEAST_CHANCE = 0.01
"""Below it, more failures under load are not put down to chance."""
ALONE = 1


@dataclass
class Level:
    """So many streams at a time; of right ones nothing but times is kept, of wrong ones the first of each kind."""

    at_once: int
    number: int = 0
    failed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """Symptom -> streams that show it."""
    first: dict[str, Stream] = field(default_factory=dict)
    first_call_s: Samples = field(default_factory=Samples)
    gaps_s: Samples = field(default_factory=Samples)
    tokens_per_s: Samples = field(default_factory=Samples)
    took_s: Samples = field(default_factory=Samples)

    def add(self, stream: Stream) -> None:
        """Take in one that has ended."""
        self.number += 1
        self.failed += stream.failed
        for symptom in _symptoms(stream):
            self.counts[symptom] += 1
            self.first.setdefault(symptom, stream)
        if stream.failed:
            return
        self.took_s.add(stream.took_s)
        self.gaps_s.add(*stream.gaps_s)
        self.first_call_s.add(*([] if stream.first_call_s is None else [stream.first_call_s]))
        self.tokens_per_s.add(*([] if stream.tokens_per_s is None else [stream.tokens_per_s]))

    def figures(self) -> tuple[Figure, ...]:
        """What users wait for at this level."""
        where = f"{self.at_once} at once"
        return (
            *figures_of(f"first tool delta, {where}", "s", self.first_call_s.values),
            *figures_of(f"between deltas, {where}", "s", self.gaps_s.values),
            *figures_of(f"whole stream, {where}", "s", self.took_s.values),
            *figures_of(f"speed of a stream, {where}", "tokens/s", self.tokens_per_s.values),
        )


def judge_levels(levels: Sequence[Level]) -> Iterator[Finding]:
    """All that the streams show, each symptom once, with the first stream that shows it and how many do."""
    for symptom, tell in _FINDINGS.items():
        showing = [level for level in levels if level.counts[symptom]]
        if showing:
            counts = ", ".join(
                f"{level.counts[symptom]} of {level.number} with {level.at_once} at once" for level in showing
            )
            yield tell(showing[0].first[symptom], counts)
    alone = next((level for level in levels if level.at_once == ALONE), None)
    worse = [level for level in levels if alone and level is not alone and _is_more(alone, level)]
    if alone and worse:
        yield LOAD_FAILURES.finding(
            "more-under-load",
            "Side by side more streams fail than one at a time.",
            f"as one at a time: {alone.failed} of {alone.number} failed",
            ", ".join(f"{level.at_once} at once: {level.failed} of {level.number} failed" for level in worse),
        )


def evidence(levels: Sequence[Level]) -> Stream | None:
    """The stream to look at first; None if all were right."""
    return next((level.first[name] for name in _FINDINGS for level in levels if name in level.first), None)


def _symptoms(stream: Stream) -> Iterator[str]:
    if stream.foreign:
        yield "leaked"
    if stream.refused:
        yield "refused"
    elif stream.broken:
        yield "broken-off"
    elif not stream.holds:
        yield "lost"


def _leaked(stream: Stream, counts: str) -> Finding:
    said = "A client received the secret of another one."
    got = f"{', '.join(stream.foreign)} in the stream of {stream.secret}; {counts}"
    return NONCE.finding("leaked", said, f"{stream.secret} alone", got)


def _lost(stream: Stream, counts: str) -> Finding:
    said = "A stream ended well without the value that its call holds."
    got = f"{stream.arguments or 'no arguments'}; {counts}"
    return NONCE.finding("lost", said, f"{stream.secret} in the arguments", got)


def _refused(stream: Stream, counts: str) -> Finding:
    said = "A valid request was refused."
    return LOAD_FAILURES.finding("refused", said, "HTTP status 200", f"{stream.refused}; {counts}")


def _broken(stream: Stream, counts: str) -> Finding:
    said, expected = "A stream broke off.", "a stream that ends with [DONE]"
    return LOAD_FAILURES.finding("broken-off", said, expected, f"{stream.broken}; {counts}")


_FINDINGS = {"leaked": _leaked, "lost": _lost, "broken-off": _broken, "refused": _refused}
"""The worst first."""


def _is_more(alone: Level, level: Level) -> bool:
    """Fisher's exact test, one-sided: so many failures among these, if all fail alike (doi.org/10.2307/2340521)."""
    if level.failed * alone.number <= alone.failed * level.number:
        return False
    all_, failed = alone.number + level.number, alone.failed + level.failed
    ways = sum(
        comb(level.number, count) * comb(alone.number, failed - count)
        for count in range(level.failed, min(failed, level.number) + 1)
    )
    return ways / comb(all_, failed) < LEAST_CHANCE
