"""Which of the allowed tokens comes next, where the one that was wanted may not."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constraints import Allowed

_GREEDY = 1e-5
"""Temperatures below are none (vllm.sampling_params)."""
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


class Chooser:
    """Chooses for one request; remembers its biases and its random numbers."""

    def __init__(self, params: Any, vocabulary: Vocabulary) -> None:
        """`params` are vLLM's SamplingParams."""
        self._vocabulary = vocabulary
        self._random = np.random.default_rng(params.seed)
        self._temperature = 0.0 if params.top_k == 1 or params.temperature < _GREEDY else params.temperature
        self._bias: NDArray[np.float32] | None = None
        if params.logit_bias:
            self._bias = np.zeros(vocabulary.size, np.float32)
            for token, bias in params.logit_bias.items():
                self._bias[int(token)] = bias
        self._free_steps = 0

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
