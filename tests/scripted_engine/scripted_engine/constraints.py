"""Which tokens a request allows at a step, by its parameters and the grammar that the server imposes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Allowed = NDArray[np.intp]
"""Ids of the tokens that may come."""
_WORD = 32


def allowed_by_grammar(row: NDArray[np.int32], size: int) -> Allowed:
    """Return the tokens whose bit is set in a row of the grammar's bitmask (32 tokens a word, lowest bit first)."""
    words = np.flatnonzero(row)
    bits = np.unpackbits(
        np.ascontiguousarray(row[words]).view(np.uint8).reshape(-1, 4), axis=1, bitorder="little"
    )
    rows, columns = np.nonzero(bits)
    found = words[rows] * _WORD + columns
    return found[found < size]


def allows(row: NDArray[np.int32], tokens: Allowed) -> NDArray[np.bool_]:
    """Return for each of the tokens whether its bit is set in a row of the grammar's bitmask."""
    bits: NDArray[np.bool_] = (row[tokens // _WORD] >> (tokens % _WORD).astype(np.int32)) & 1 != 0
    return bits


def barred(params: Any, output: Sequence[int]) -> set[int]:
    """Return the tokens that `min_tokens` and `bad_words` forbid as the next one after `output`."""
    stops = set(params.all_stop_token_ids) if len(output) < params.min_tokens else set()
    for word in params.bad_words_token_ids or ():
        head, last = word[:-1], word[-1]
        if len(head) <= len(output) and list(output[len(output) - len(head) :]) == list(head):
            stops.add(last)
    return stops
