"""One request as the engine sees it: what is to be said, what was said, and the tokens of the next delta."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .choice import Chooser, Vocabulary
from .constraints import allows, barred


@dataclass(frozen=True)
class Step:
    """The tokens of a step, and for each the one that would have come had nothing forbidden it."""

    tokens: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)


NOTHING = Step()


@dataclass(frozen=True)
class EngineFacts:
    """What all requests of an engine share."""

    vocabulary: Vocabulary
    end: int
    """The token that ends an answer."""
    withholds: bool
    """The scheduler runs ahead and counts on one token a step: the tokens of a longer delta are kept back until as many
    steps have passed."""


class Talk:
    """Says a plan, delta by delta, as far as the request and the grammar allow."""

    def __init__(
        self, facts: EngineFacts, params: Any, deltas: Iterable[list[int]], room: int, *, scripted: bool
    ) -> None:
        """`params` are vLLM's SamplingParams; `room` is left of the context; `scripted`: a request said the deltas."""
        self._facts = facts
        self._params = params
        self._deltas = deque(deltas)
        self._scripted = scripted
        self._chooser = Chooser(params, facts.vocabulary)
        self._most = min(room, params.max_tokens or room)
        self._passed = 0
        self.output: list[int] = []

    def step(self, row: NDArray[np.int32] | None) -> Step:
        """Return what comes now; `row` is the request's row of the grammar's bitmask, if a grammar decides."""
        delta = self._next_delta(single=row is not None)
        self._passed += 1
        if self._facts.withholds and self._passed < len(delta):
            return NOTHING
        self._passed = 0
        if self._deltas:
            self._deltas.popleft()
        tokens = []
        for wanted in delta:
            token = self._permitted(wanted, row)
            tokens.append(token)
            self.output.append(token)
        return Step(tokens, delta)

    def _next_delta(self, *, single: bool) -> list[int]:
        """Return the tokens that are wanted next: no more than the request has left, one where a grammar decides."""
        if not self._deltas:
            return [self._facts.end]
        delta = self._deltas[0]
        most = 1 if single else max(1, self._most - len(self.output))
        if len(delta) > most:
            self._deltas[0] = delta[:most]
            self._deltas.insert(1, delta[most:])
        return self._deltas[0]

    def _permitted(self, wanted: int, row: NDArray[np.int32] | None) -> int:
        """Return the wanted token if it may come, else the chooser's pick of those that may."""
        forbidden = barred(self._params, self.output)
        if row is None and not self._params.allowed_token_ids:
            if wanted not in forbidden:
                return wanted
            allowed = self._facts.vocabulary.speakable
        elif row is None:
            allowed = np.array(sorted(self._params.allowed_token_ids))
        else:
            if self._scripted and self._may_follow(wanted, row, forbidden):
                return wanted
            allowed = self._chooser.candidates(row)
            if self._params.allowed_token_ids:
                allowed = np.intersect1d(allowed, self._params.allowed_token_ids)
        if forbidden:
            kept = allowed[~np.isin(allowed, list(forbidden))]
            allowed = kept if len(kept) else allowed
        if row is None and wanted in allowed:
            return wanted
        return self._chooser.pick(allowed)

    def _may_follow(self, wanted: int, row: NDArray[np.int32], forbidden: set[int]) -> bool:
        """Return whether a script goes on as it wants; a grammar without one decides by bias and length instead."""
        only = self._params.allowed_token_ids
        return (
            wanted not in forbidden
            and (not only or wanted in only)
            and bool(allows(row, np.array([wanted]))[0])
        )
