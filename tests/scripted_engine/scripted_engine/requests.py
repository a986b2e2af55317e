"""From vLLM's request to what is said to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .answers import AnswerBook
from .choice import Vocabulary
from .script import BadScript, Script, deltas_of, script_in_arguments, script_in_prompt
from .talk import EngineFacts, Step, Talk

KNOWN_PIECES = 4096
"""Texts whose tokens are remembered."""


@dataclass
class Request:
    """A request that is being answered."""

    prompt: Sequence[int]
    params: Any
    """vLLM's SamplingParams."""
    talk: Talk
    _prompt_logprobs: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Note what has to be told of the prompt."""
        self._prompt_logprobs = self.params.prompt_logprobs

    @property
    def known(self) -> int:
        """Return how many tokens there are of it, the prompt's and the answer's."""
        return len(self.prompt) + len(self.talk.output)

    def step(self, row: NDArray[np.int32] | None) -> Step:
        """Return what comes now; see Talk.step."""
        return self.talk.step(row)

    def take_prompt_logprobs(self) -> int | None:
        """Return how many logprobs a token of the prompt are asked for; None if none are, or they were given."""
        count, self._prompt_logprobs = self._prompt_logprobs, None
        return count


class Speaker:
    """Knows the model's tokens, and what is said to a prompt."""

    def __init__(self, tokenizer: Any, model_config: Any, answers: AnswerBook, scheduler_config: Any) -> None:
        """`tokenizer` and the configurations are vLLM's."""
        self._tokenizer = tokenizer
        self._answers = answers
        self._max_model_len = int(model_config.max_model_len)
        end = int(tokenizer.eos_token_id)
        self.vocabulary = _vocabulary(tokenizer, int(model_config.get_vocab_size()), end)
        withholds = bool(getattr(scheduler_config, "async_scheduling", False))
        self._facts = EngineFacts(self.vocabulary, end, withholds)
        self._special = frozenset(tokenizer.all_special_ids)
        # The same texts are said again and again, each time cut otherwise, and a tokenizer is slow at a few letters.
        self._tokens_of = lru_cache(KNOWN_PIECES)(
            lambda text: tuple(tokenizer.encode(text, add_special_tokens=False))
        )

    def request_of(self, new: Any) -> Request:
        """Return a request of vLLM's NewRequestData, with what is said to it."""
        params, prompt = new.sampling_params, new.prompt_token_ids or []
        # A prompt is put into words only where the request itself does not say what is to be said.
        text = "" if "script" in (params.extra_args or ()) else str(self._tokenizer.decode(list(prompt)))
        script = _script(params, text)
        said = script or Script(self._answers.text_for(text))
        deltas, room = deltas_of(said, self._encode, self._facts.end), self._max_model_len - len(prompt)
        talk = Talk(self._facts, params, deltas, room, scripted=script is not None)
        return Request(prompt, params, talk)

    def _encode(self, text: str) -> list[int]:
        """Return tokens that write a text as it stands: the name of a special token is said letter by letter."""
        tokens = self._tokens_of(text)
        if self._special.isdisjoint(tokens):
            return list(tokens)
        return [token for character in text for token in self._tokens_of(character)]


def _script(params: Any, prompt: str) -> Script | None:
    """Return what the request wants said; of a script that cannot be followed, the reason."""
    try:
        return script_in_arguments(params.extra_args) or script_in_prompt(prompt)
    except BadScript as error:
        return Script(f"xlam-gate's scripted engine cannot follow the script of this request: {error}")


def _vocabulary(tokenizer: Any, size: int, end: int) -> Vocabulary:
    """Return the texts of all tokens; one that the tokenizer does not know has none, and is never preferred."""
    texts = [""] * size
    special = set(tokenizer.all_special_ids)
    for token, number in tokenizer.get_vocab().items():
        if number < size and number not in special:
            texts[number] = token
    return Vocabulary(texts, {end})
