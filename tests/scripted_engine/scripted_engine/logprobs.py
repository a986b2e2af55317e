"""Log probabilities of a model that is sure of what it wants to say: documented shapes, made-up numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SURE = 12.0
"""Logit of the wanted token above the noise of the others."""


@dataclass(frozen=True)
class TokenLogprobs:
    """One position: the token that came first, then the most probable ones."""

    ids: NDArray[np.int32]
    logprobs: NDArray[np.float32]
    rank: int
    """Of the token that came, from 1."""


class Distribution:
    """The same noise for every position, and one token that stands out."""

    def __init__(self, size: int) -> None:
        """`size` of the vocabulary."""
        self._noise = np.random.default_rng(0).standard_normal(size).astype(np.float32)
        self._order = np.argsort(-self._noise, kind="stable")
        self._mass = np.exp(self._noise.astype(np.float64)).sum()

    def at(self, wanted: int, came: int, count: int) -> TokenLogprobs:
        """Return the `count` most probable tokens (-1: all) where `wanted` was to come and `came` did."""
        count = len(self._noise) if count == -1 else count
        top = [wanted, *(int(token) for token in self._order[: count + 1] if token != wanted)][:count]
        ids = np.array([came, *top], np.int32)
        return TokenLogprobs(ids, self._logprobs(ids, wanted), self._rank(came, wanted))

    def _logprobs(self, ids: NDArray[np.int32], wanted: int) -> NDArray[np.float32]:
        logits = self._noise[ids].astype(np.float64) + np.where(ids == wanted, _SURE, 0.0)
        own = np.exp(float(self._noise[wanted]))
        mass = self._mass - own + own * np.exp(_SURE)
        result: NDArray[np.float32] = (logits - np.log(mass)).astype(np.float32)
        return result

    def _rank(self, came: int, wanted: int) -> int:
        if came == wanted:
            return 1
        above = int((self._noise > self._noise[came]).sum())
        # The wanted token stands above all, wherever its noise has put it.
        return above + 1 + int(self._noise[wanted] <= self._noise[came])
