"""The tokens that write single characters, as the server's own tokenizer says."""

import json
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

import httpx2

from tests.harness.appending import write_whole
from tests.harness.records.errors import InfrastructureError, NotRecorded

_ANSWER_S = 30.0


class CharacterTokens:
    """Asks `/tokenize` once a character; may be used by several threads."""

    def __init__(self, base_url: str, api_key: str | None, model: str, file: Path | None = None) -> None:
        """`base_url` without a path; `file` takes what is learnt, a line a character."""
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else None
        self._client = httpx2.Client(base_url=base_url, headers=headers, trust_env=False, timeout=_ANSWER_S)
        self._model = model
        self._file = file
        self._known: dict[str, tuple[int, ...]] = {}
        self._lock = threading.Lock()

    def of(self, text: str) -> tuple[int, ...]:
        """All tokens that writing `text` a character at a time takes, sorted. Raises InfrastructureError."""
        with self._lock:
            for character in sorted(set(text) - set(self._known)):
                self._known[character] = self._ask(character)
                if self._file:
                    _note(self._file, character, self._known[character])
            return tuple(sorted({token for character in set(text) for token in self._known[character]}))

    def learn(self, texts: Iterable[str]) -> None:
        """Ask for all characters of many texts at once, before threads compete for them."""
        self.of("".join(texts))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _ask(self, character: str) -> tuple[int, ...]:
        body = {"model": self._model, "prompt": character, "add_special_tokens": False}
        try:
            answer = self._client.post("/tokenize", json=body).raise_for_status()
            return tuple(int(token) for token in answer.json()["tokens"])
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise InfrastructureError(
                f"/tokenize does not say how {character!r} is written, so the split `char` cannot be made: {error}"
            ) from error


class RecordedTokens:
    """What an earlier run learnt."""

    def __init__(self, known: Mapping[str, tuple[int, ...]], file: Path | None = None) -> None:
        """`known` maps a character to its tokens; `file` takes those that are used again."""
        self._known = known
        self._file = file
        self._used: set[str] = set()

    def of(self, text: str) -> tuple[int, ...]:
        """All tokens that writing `text` a character at a time takes, sorted. Raises NotRecorded."""
        for character in sorted(set(text) - self._used):
            if character not in self._known:
                raise NotRecorded(f"the recorded run never asked how {character!r} is written")
            if self._file:
                _note(self._file, character, self._known[character])
            self._used.add(character)
        return tuple(sorted({token for character in set(text) for token in self._known[character]}))

    def learn(self, texts: Iterable[str]) -> None:
        """Nothing can be asked."""

    def close(self) -> None:
        """Nothing is open."""


def _note(file: Path, character: str, tokens: tuple[int, ...]) -> None:
    line = json.dumps({"character": character, "tokens": tokens}) + "\n"
    try:
        with file.open("ab", buffering=0) as opened:
            write_whole(opened, line.encode("ascii"))
    except OSError as error:
        raise InfrastructureError(f"{file} cannot be written: {error.strerror}") from error
