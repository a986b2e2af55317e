"""Known defects that come and go: what two runs of the same server differ in, and when it is more than chance."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import comb

Names = frozenset[str]
"""Ids of ledger entries."""
LEAST_CHANCE = 1e-4
"""Below it, a difference is not put down to chance: 14 answers that a defect came to, and none that it left.

Twenty gates of a server against itself, with some ten such entries each, then go wrong once in fifty times.
"""
LEAST_CHANCE_OF_NONE = 0.05
"""The same for a defect that shows at no answer any more: it was at five before, and left them all."""


@dataclass(frozen=True)
class Drift:
    """Entries that show at another number of answers than chance gives."""

    more: Names
    fewer: Names
    gone: Names
    """Those of `fewer` that show nowhere any more."""


def drift_of(answers: Sequence[tuple[Names, Names]], among: Collection[str]) -> Drift:
    """Return what has become of defects that come and go.

    `answers`: which entries show, before and after, one pair an answer that both runs have. It is McNemar's exact
    test, one-sided either way: if nothing has changed, a defect comes to as many answers as it leaves
    (https://doi.org/10.1007/BF02295996).
    """
    appearances = Counter(name for before, after in answers for name in after - before)
    disappearances = Counter(name for before, after in answers for name in before - after)
    showing = {name for _, after in answers for name in after}
    more = frozenset(
        name for name in among if _chance(appearances[name], disappearances[name]) < LEAST_CHANCE
    )
    fewer = frozenset(
        name for name in among if _chance(disappearances[name], appearances[name]) < LEAST_CHANCE
    )
    gone = frozenset(
        name
        for name in among
        if name not in showing and _chance(disappearances[name], 0) < LEAST_CHANCE_OF_NONE
    )
    return Drift(more, fewer | gone, gone)


def _chance(heads: int, tails: int) -> float:
    """Return how likely at least `heads` are when as many fair coins are thrown."""
    thrown = heads + tails
    return sum(comb(thrown, number) for number in range(heads, thrown + 1)) / (1 << thrown)
