"""Streams side by side, each with a secret of its own: none leaks, none is lost, and no more fail than one by one."""

from collections.abc import Iterator, Sequence

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.load import Level, Stream
from tests.harness.judging.checks.load import load_failures, nonce

_WORST_FIRST = (nonce.LEAKED, nonce.LOST, load_failures.BROKEN_OFF, load_failures.REFUSED)


def add(level: Level, stream: Stream) -> None:
    """Count a stream that has ended in its level, with all that it shows."""
    level.add(stream, [*nonce.names_of(stream), *load_failures.names_of(stream)])


def judge_levels(levels: Sequence[Level]) -> Iterator[Finding]:
    """Yield all that the streams show, each symptom once, with the first stream that shows it and how many do."""
    yield from nonce.judge_levels(levels)
    yield from load_failures.judge_levels(levels)


def evidence(levels: Sequence[Level]) -> Stream | None:
    """Return the stream to look at first; None if all were right."""
    return next((level.first[name] for name in _WORST_FIRST for level in levels if name in level.first), None)
