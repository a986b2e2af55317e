"""How an answer is cut into deltas."""

from dataclasses import dataclass

from tests.harness.core.records.cut import Cut

_AT, _WITH_END, _NOWHERE = "at-", "+end", "one-delta"


@dataclass(frozen=True)
class Split:
    """`natural`, `char`, `every-K`, `random-SEED`, `at-N-M`, `one-delta`, or one of the last two with `+end`."""

    name: str
    by_character: bool = False
    """One token a character."""
    interval: int | None = None
    """Tokens a delta, set by the request; None: as the server is set up."""
    seed: int | None = None
    """Seed of a sampled answer: other token boundaries for the same text."""
    cuts: tuple[int, ...] | None = None
    """After how many characters each delta but the last ends: for the scripted engine alone."""
    ends_with_text: bool = False
    """The end of the answer comes with the last text, and not in a delta of its own."""


NATURAL = Split("natural")
"""The tokens that the model would choose."""
CHAR = Split("char", by_character=True)


def every(interval: int) -> Split:
    """Return the split of `interval` characters a delta."""
    return Split(f"every-{interval}", by_character=True, interval=interval)


def at(*cuts: int, ends_with_text: bool = False) -> Split:
    """Return the split whose deltas end after these numbers of characters, and where the text does."""
    name = f"{_AT}{'-'.join(map(str, cuts))}" if cuts else _NOWHERE
    name += _WITH_END if ends_with_text else ""
    return Split(name, by_character=True, cuts=cuts, ends_with_text=ends_with_text)


def is_exact(name: str) -> bool:
    """Return whether the split of a name says where each delta ends: no model can be told that."""
    return name.startswith((_AT, _NOWHERE))


def places_of(name: str) -> tuple[int, ...]:
    """Return after how many characters the split of a name cuts; empty if it names no places."""
    if not name.startswith(_AT):
        return ()
    return tuple(map(int, name.removeprefix(_AT).removesuffix(_WITH_END).split("-")))


def split_of(cut: Cut, length: int) -> Split | None:
    """Return the split that cuts a text of `length` characters as it was cut; None: it cannot be told to.

    That is so of a stream in which a delta writes nothing (half a character, say), or which broke off.
    """
    alone = cut[-2:] == (length, length)
    ends = cut[:-1] if alone else cut
    if ends[-1:] != (length,) or list(ends) != sorted({*ends} - {0}):
        return None
    return at(*ends[:-1], ends_with_text=not alone)


def random(seed: int) -> Split:
    """Return the split whose token boundaries come from a seed."""
    return Split(f"random-{seed}", seed=seed)
