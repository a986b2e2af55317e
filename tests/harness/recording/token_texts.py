"""The texts of tokens, as the server's own tokenizer says."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from tests.harness.core.printable import truncated
from tests.harness.core.records.errors import NotRecorded
from tests.harness.recording.tokenizer import Tokenizer, note_line

Tokens = tuple[int, ...]


class TokenTexts:
    """Asks `/detokenize` once for tokens that follow each other; may be used by several threads."""

    def __init__(self, base_url: str, api_key: str | None, model: str, file: Path | None = None) -> None:
        """Take the server to ask (`base_url` without a path) and the file for what is learnt, a line a question."""
        self._tokenizer = Tokenizer(base_url, api_key, model)
        self._file = file
        self._known: dict[Tokens, str] = {}
        self._lock = threading.Lock()

    def of(self, tokens: Tokens) -> str:
        """Return the text of tokens. Raises InfrastructureError for a server that does not say it."""
        if tokens not in self._known:
            text = self._ask(tokens)
            with self._lock:
                if self._file and tokens not in self._known:
                    note_line(self._file, {"tokens": tokens, "text": text})
                self._known[tokens] = text
        return self._known[tokens]

    def _ask(self, tokens: Tokens) -> str:
        unknown = f"what the tokens {list(tokens)} write, so it is not known how the stream was cut"
        return self._tokenizer.ask("/detokenize", {"tokens": list(tokens)}, _text, unknown)


class RecordedTexts:
    """What an earlier run learnt."""

    def __init__(self, known: Mapping[Tokens, str], file: Path | None = None) -> None:
        """Take what is recorded (tokens -> text) and the file for those that are used again."""
        self._known = known
        self._file = file
        self._used: set[Tokens] = set()

    def of(self, tokens: Tokens) -> str:
        """Return the text of tokens. Raises NotRecorded."""
        if tokens not in self._known:
            raise NotRecorded(f"the recorded run never asked what the tokens {list(tokens)} write")
        if self._file and tokens not in self._used:
            note_line(self._file, {"tokens": tokens, "text": self._known[tokens]})
            self._used.add(tokens)
        return self._known[tokens]


def _text(answer: object) -> str:
    """Return the text of an answer. Raises ValueError for anything else."""
    match answer:
        case {"prompt": str(text)}:
            return text
    raise ValueError(f"no text in {truncated(json.dumps(answer), 120)}")
