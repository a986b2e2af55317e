"""The tokens that write single characters, as the server's own tokenizer says."""

import json
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.harness.core.printable import truncated
from tests.harness.core.records.errors import NotRecorded
from tests.harness.recording.tokenizer import Tokenizer, note_line

_MOST_TOKENS = 100
"""A character is at most four bytes, and a token at least one; some tokenizers add a few of their own."""


class CharacterTokens:
    """Asks `/tokenize` once a character; may be used by several threads."""

    def __init__(self, base_url: str, api_key: str | None, model: str, file: Path | None = None) -> None:
        """Take the server to ask (`base_url` without a path) and the file for what is learnt, a line a character."""
        self._tokenizer = Tokenizer(base_url, api_key, model)
        self._file = file
        self._known: dict[str, tuple[int, ...]] = {}
        self._lock = threading.Lock()

    def of(self, text: str) -> tuple[int, ...]:
        """Return all tokens that writing `text` a character at a time takes, sorted. Raises InfrastructureError."""
        with self._lock:
            for character in sorted(set(text) - set(self._known)):
                self._known[character] = self._ask(character)
                if self._file:
                    note_line(self._file, {"character": character, "tokens": self._known[character]})
            return tuple(sorted({token for character in set(text) for token in self._known[character]}))

    def learn(self, texts: Iterable[str]) -> None:
        """Ask for all characters of many texts at once, before threads compete for them."""
        self.of("".join(texts))

    def close(self) -> None:
        """Do nothing: nothing is open between two questions."""

    def _ask(self, character: str) -> tuple[int, ...]:
        question = {"prompt": character, "add_special_tokens": False}
        unknown = f"how {character!r} is written, so the split `char` cannot be made"
        return self._tokenizer.ask("/tokenize", question, _tokens, unknown)


class RecordedTokens:
    """What an earlier run learnt."""

    def __init__(self, known: Mapping[str, tuple[int, ...]], file: Path | None = None) -> None:
        """Take what is recorded (character -> tokens) and the file for those that are used again."""
        self._known = known
        self._file = file
        self._used: set[str] = set()

    def of(self, text: str) -> tuple[int, ...]:
        """Return all tokens that writing `text` a character at a time takes, sorted. Raises NotRecorded."""
        for character in sorted(set(text) - self._used):
            if character not in self._known:
                raise NotRecorded(f"the recorded run never asked how {character!r} is written")
            if self._file:
                note_line(self._file, {"character": character, "tokens": self._known[character]})
            self._used.add(character)
        return tuple(sorted({token for character in set(text) for token in self._known[character]}))

    def learn(self, texts: Iterable[str]) -> None:
        """Do nothing: a recording can be asked for no more."""

    def close(self) -> None:
        """Do nothing: nothing is open."""


def _tokens(answer: object) -> tuple[int, ...]:
    """Return the tokens of an answer. Raises ValueError for anything but a short list of numbers."""
    tokens = answer.get("tokens") if isinstance(answer, dict) else None
    if not isinstance(tokens, list) or not all(type(token) is int for token in tokens):
        raise ValueError(f"no list of tokens in {truncated(json.dumps(answer), 120)}")
    if len(tokens) > _MOST_TOKENS:
        raise ValueError(f"{len(tokens)} tokens for one character")
    return tuple(tokens)
