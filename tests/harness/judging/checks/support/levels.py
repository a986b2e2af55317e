"""Streams at several levels of load: what the first one shows, and how many show it."""

from collections.abc import Iterator, Sequence

from tests.harness.core.records.load import Level, Stream


def first_of(levels: Sequence[Level], name: str) -> Iterator[tuple[Stream, str]]:
    """Yield the first stream that shows something, and the counts of all levels in words; nothing if none shows it."""
    showing = [level for level in levels if level.counts[name]]
    if showing:
        counts = (f"{level.counts[name]} of {level.number} with {level.at_once} at once" for level in showing)
        yield showing[0].first[name], ", ".join(counts)
