"""Cuts as people read them: a text with its boundaries, and the places that do harm as ranges."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from tests.harness.core.records.cut import Cut
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.split import places_of
from tests.harness.gate.wording import count_of

BOUNDARY = "|"
"""Stands where a delta ended; at the end of a text: the end of the answer came in a delta of its own."""
_PAIR = 2
RIGHT = "right"
"""What is said of an answer without findings."""
_LINE_ENDS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})


def text_with_cut(text: str, cut: Cut) -> str:
    """Return a text on one line with a mark at each place where a delta ended.

    `ab|cd|`: two deltas and one for the end; `abcd`: all of it, with the end, in one.
    """
    ends = sorted(set(cut[:-1]) - {0})
    pieces = (text[start:end] for start, end in pairwise((0, *ends, len(text))) if start < end)
    shown = BOUNDARY.join(map(_on_one_line, pieces))
    return f"{shown}{BOUNDARY}" if len(text) in ends else shown


def splits_in_words(splits: Sequence[str]) -> str:
    """Return the names of splits; those that cut at given places as ranges: `at 1-31, 33; at 210 pairs of places`."""
    places = [found for name in splits if (found := places_of(name))]
    words = [", ".join(name for name in splits if not places_of(name))]
    words.append(_ranges_in_words(place[0] for place in places if len(place) == 1))
    pairs = [place for place in places if len(place) == _PAIR]
    if pairs:
        first = "-".join(map(str, pairs[0]))
        words.append(f"at {count_of(len(pairs), 'pair', 'pairs')} of places, the first {first}")
    if many := sum(len(place) > _PAIR for place in places):
        words.append(f"{count_of(many, 'cut', 'cuts')} at more places")
    return "; ".join(filter(None, words))


def harm_by_cut(answers: Sequence[JudgedAnswer]) -> list[list[str]]:
    """Return, of each kind of result, what came and where the text was cut for it, the commonest first."""
    splits: dict[str, list[str]] = {}
    for answer in answers:
        splits.setdefault(", ".join(sorted(answer.names)) or RIGHT, []).append(answer.split)
    return [[names, splits_in_words(those)] for names, those in sorted(splits.items(), key=_by_number)]


def strip_of(text: str, answers: Sequence[JudgedAnswer]) -> list[list[str]]:
    """Return a text in pieces, each with what a single cut behind any of its characters leads to: `right`, or names.

    Behind the last character there is nothing to cut: its piece has no word. Empty where no single cuts were tried.
    """
    results = {
        places[0]: ", ".join(sorted(answer.names)) or RIGHT
        for answer in answers
        if len(places := places_of(answer.split)) == 1 and not answer.sought
    }
    if not results:
        return []
    words = [results.get(place, "") for place in range(1, len(text) + 1)]
    pieces = groupby(zip(text, words, strict=True), key=lambda pair: pair[1])
    return [["".join(letter for letter, _ in letters), word] for word, letters in pieces]


def _by_number(entry: tuple[str, list[str]]) -> int:
    return -len(entry[1])


def _ranges_in_words(places: Iterable[int]) -> str:
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges_of(places)]
    return f"at {', '.join(shown)}" if shown else ""


def ranges_of(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of numbers that follow each other."""
    first = last = None
    for place in sorted(places):
        if last is None or first is None:
            first = place
        elif place != last + 1:
            yield first, last
            first = place
        last = place
    if first is not None and last is not None:
        yield first, last


def _on_one_line(text: str) -> str:
    return text.translate(_LINE_ENDS)
