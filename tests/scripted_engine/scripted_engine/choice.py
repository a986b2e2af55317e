"""Which of the allowed tokens comes next, where the one that was wanted may not."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constraints import Allowed, allowed_by_grammar, allows

_GREEDY = 1e-5
"""Temperatures below are none (vllm.sampling_params)."""
MANY = 2048
"""So many of the longest tokens are looked at first, where a grammar allows nearly everything."""
FREE_STEPS = 24
"""After so many steps with a choice a text is ended where it may be: the longest token would never close a string."""


class Vocabulary:
    """How long each token's text is, and which tokens end something."""

    def __init__(self, texts: list[str], ends: set[int]) -> None:
        """`texts` in the order of ids; `ends` are the tokens after which nothing comes."""
        self.size = len(texts)
        self.lengths: NDArray[np.float32] = np.array([len(text) for text in texts], np.float32)
        closing = [bool(text) and set(text) <= set('"}])') for text in texts]
        self.speakable: NDArray[np.intp] = np.flatnonzero(self.lengths)
        """Tokens that write something."""
        self.closing: NDArray[np.bool_] = np.array(closing)
        self.closing[list(ends)] = True
        longest = np.argsort(-self.lengths, kind="stable")[:MANY]
        self.preferred: NDArray[np.intp] = np.union1d(longest, np.flatnonzero(self.closing))
        """What is chosen of many allowed tokens is nearly always one of these."""


class Chooser:
    """Chooses for one request; remembers its biases and its random numbers."""

    def __init__(self, params: Any, vocabulary: Vocabulary) -> None:
        """`params` are vLLM's SamplingParams."""
        self._vocabulary = vocabulary
        self._random = np.random.default_rng(params.seed)
        self._temperature = 0.0 if params.top_k == 1 or params.temperature < _GREEDY else params.temperature
        self._bias: NDArray[np.float32] | None = None
        self._first_looks = vocabulary.preferred
        if params.logit_bias:
            self._first_looks = np.union1d(vocabulary.preferred, [int(token) for token in params.logit_bias])
            self._bias = np.zeros(vocabulary.size, np.float32)
            for token, bias in params.logit_bias.items():
                self._bias[int(token)] = bias
        self._makes_less_likely = self._bias is not None and bool(self._bias.min() < 0)
        self._free_steps = 0

    def candidates(self, row: NDArray[np.int32]) -> Allowed:
        """Return the tokens that a grammar allows; of very many those alone among which the choice falls.

        A sampled request, and one that makes tokens less likely, gets all of them.
        """
        is_plain = not (self._temperature or self._makes_less_likely)
        if is_plain and np.count_nonzero(row) > len(self._first_looks) // 32:
            found = self._first_looks[allows(row, self._first_looks)]
            if len(found):
                return found
        return allowed_by_grammar(row, self._vocabulary.size)

    def pick(self, allowed: Allowed) -> int:
        """Return the most biased, then the longest token; a sampled request draws among those of the highest bias."""
        if len(allowed) == 1:
            return int(allowed[0])
        self._free_steps += 1
        if self._bias is not None:
            biases = self._bias[allowed]
            allowed = allowed[biases == biases.max()]
        if self._temperature:
            return int(self._random.choice(allowed))
        if self._free_steps > FREE_STEPS:
            closing = allowed[self._vocabulary.closing[allowed]]
            allowed = closing if len(closing) else allowed
        return int(allowed[self._vocabulary.lengths[allowed].argmax()])
