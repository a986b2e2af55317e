"""The tokens that write single characters, as the server's own tokenizer says."""

import threading
from collections.abc import Iterable

import httpx2

from tests.harness.records.errors import InfrastructureError

_ANSWER_S = 30.0


class CharacterTokens:
    """Asks `/tokenize` once a character; may be used by several threads."""

    def __init__(self, base_url: str, api_key: str | None, model: str) -> None:
        """`base_url` without a path."""
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else None
        self._client = httpx2.Client(base_url=base_url, headers=headers, trust_env=False, timeout=_ANSWER_S)
        self._model = model
        self._known: dict[str, tuple[int, ...]] = {}
        self._lock = threading.Lock()

    def of(self, text: str) -> tuple[int, ...]:
        """All tokens that writing `text` a character at a time takes, sorted. Raises InfrastructureError."""
        with self._lock:
            for character in sorted(set(text) - set(self._known)):
                self._known[character] = self._ask(character)
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
