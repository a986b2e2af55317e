"""What is true of a cut: computed from the text and the ends of its deltas, so that the ledger can name kinds of cuts.

A new tag is one function and one line of `_TAGS`; what is said of one dialect alone stands in its module.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import MappingProxyType

from tests.harness.cases.call_places import CallPlace
from tests.harness.cases.dialects.registry import dialect_named, known_dialects
from tests.harness.cases.part_reader import PartReader
from tests.harness.core.records.case import Case
from tests.harness.core.records.cut import Cut

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_FENCE = "```(?:json)?"


@dataclass(frozen=True)
class _Stream:
    """A text and how it came."""

    text: str
    cut: Cut
    markers: tuple[str, ...]
    calls: tuple[CallPlace, ...]
    parts: PartReader
    """What a reader of one part a delta makes of it."""

    def delta_of(self, end: int) -> int:
        """Return the number of the delta in which the first `end` characters are complete."""
        return bisect_left(self.cut, end)

    def deltas_between(self, begin: int, end: int) -> int:
        """Return how many deltas end when `begin` characters are complete, and fewer than `end`."""
        return self.delta_of(end) - self.delta_of(begin)

    def is_cut_within(self, begin: int, end: int) -> bool:
        """Return whether a delta ends between two offsets."""
        return self.deltas_between(begin + 1, end) > 0


def cut_tags_of(case: Case, cut: Cut) -> frozenset[str]:
    """Return all tags of a cut of a case's text; an answer that is not streamed has none."""
    if not cut:
        return frozenset()
    dialect, text = dialect_named(case.dialect), case.text or ""
    calls = dialect.places(text)
    stream = _Stream(text, cut, dialect.syntax.markers, calls, PartReader(calls).read(cut))
    own = {tag for tag, holds in dialect.cut_tags.items() if holds(calls, cut)}
    return frozenset(own | {tag for tag, holds in _TAGS.items() if holds(stream)})


def _sizes(stream: _Stream) -> Iterator[int]:
    return (end - start for start, end in pairwise((0, *stream.cut)))


def _one_delta(stream: _Stream) -> bool:
    return sum(size > 0 for size in _sizes(stream)) == 1


def _single_characters(stream: _Stream) -> bool:
    return max(_sizes(stream)) == 1


def _ends_with_text(stream: _Stream) -> bool:
    return list(_sizes(stream))[-1] > 0


def _arguments_in_last_delta(stream: _Stream) -> bool:
    """Return whether the part reader still has arguments of the last call to hand on when the stream ends."""
    last = stream.parts.last
    return last is not None and last[0] == len(stream.calls) - 1 and last[1] != "name"


def _name_in_last_delta(stream: _Stream) -> bool:
    """Return whether the last delta is the first to let the part reader hand on the last call's name."""
    return stream.parts.last == (len(stream.calls) - 1, "name")


def _cut_before_arguments(stream: _Stream) -> bool:
    """Return whether a delta ends, and not with nothing, before the first call has a name and begins its arguments."""
    return bool(stream.calls) and stream.is_cut_within(
        0, max(stream.calls[0].arguments, stream.calls[0].name_end)
    )


def _is_cut_within(pattern: re.Pattern[str], stream: _Stream) -> bool:
    return any(stream.is_cut_within(*found.span()) for found in pattern.finditer(stream.text))


def _marker_cut(stream: _Stream) -> bool:
    return _is_cut_within(re.compile("|".join((*map(re.escape, stream.markers), _FENCE))), stream)


def _name_cut(stream: _Stream) -> bool:
    return any(stream.is_cut_within(call.name, call.name_end) for call in stream.calls)


_TAGS: Mapping[str, Callable[[_Stream], bool]] = MappingProxyType(
    {
        "one-delta": _one_delta,
        "single-characters": _single_characters,
        "ends-with-text": _ends_with_text,
        "all-parts-sent": lambda stream: stream.parts.is_complete,
        "arguments-in-last-delta": _arguments_in_last_delta,
        "name-in-last-delta": _name_in_last_delta,
        "call-left-behind": lambda stream: stream.parts.leaves_one_behind,
        "cut-before-arguments": _cut_before_arguments,
        "name-cut": _name_cut,
        "escape-cut": partial(_is_cut_within, _ESCAPE),
        "marker-cut": _marker_cut,
    }
)
CUT_TAGS = frozenset(_TAGS).union(*(dialect.cut_tags for dialect in known_dialects().values()))
"""All that can be said of a cut."""
