"""How an answer is cut into deltas."""

from dataclasses import dataclass

AT = "at-"
"""How the names of splits begin that cut at given places."""


@dataclass(frozen=True)
class Split:
    """`natural`, `char`, `every-K`, `random-SEED`, `at-N-M` or `one-delta`."""

    name: str
    by_character: bool = False
    """One token a character."""
    interval: int | None = None
    """Tokens a delta, set by the request; None: as the server is set up."""
    seed: int | None = None
    """Seed of a sampled answer: other token boundaries for the same text."""
    cuts: tuple[int, ...] | None = None
    """After how many characters each delta but the last ends: for the scripted engine alone."""


NATURAL = Split("natural")
"""The tokens that the model would choose."""
CHAR = Split("char", by_character=True)


def every(interval: int) -> Split:
    """Return the split of `interval` characters a delta."""
    return Split(f"every-{interval}", by_character=True, interval=interval)


def at(*cuts: int) -> Split:
    """Return the split whose deltas end after these numbers of characters, and where the text does."""
    name = f"{AT}{'-'.join(map(str, cuts))}" if cuts else "one-delta"
    return Split(name, by_character=True, cuts=cuts)


def random(seed: int) -> Split:
    """Return the split whose token boundaries come from a seed."""
    return Split(f"random-{seed}", seed=seed)
