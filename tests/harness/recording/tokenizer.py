"""The server's own tokenizer: what it is asked, and where its answers are noted."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tests.harness.core.atomic_append import write_whole
from tests.harness.core.http.ask import OK, NoAnswer, ask
from tests.harness.core.printable import truncated
from tests.harness.core.records.errors import InfrastructureError

T = TypeVar("T")
_ANSWER_S = 30.0


@dataclass(frozen=True)
class Tokenizer:
    """Asks one deployment; `base_url` is without a path."""

    base_url: str
    api_key: str | None
    model: str

    def ask(self, path: str, question: dict[str, Any], read: Callable[[object], T], unknown: str) -> T:
        """Return what `read` makes of the answer; it raises ValueError for one of another shape.

        Raises InfrastructureError: `unknown` is what the server does not say then, and what cannot be done without it.
        """
        body = {"model": self.model, **question}
        try:
            answer = ask(self.base_url, path, _ANSWER_S, api_key=self.api_key, body=body)
            if answer.status != OK:
                raise NoAnswer(f"status {answer.status}, {truncated(answer.text, 120)}")  # noqa: TRY301
            return read(answer.json())
        except (NoAnswer, ValueError) as error:
            raise InfrastructureError(f"{self.base_url}{path} does not say {unknown}: {error}") from error


def note_line(file: Path, entry: dict[str, Any]) -> None:
    """Append what was learnt of the tokenizer. Raises InfrastructureError if the file cannot be written."""
    line = json.dumps(entry) + "\n"
    try:
        with file.open("ab", buffering=0) as stream:
            write_whole(stream, line.encode("ascii"))
    except OSError as error:
        raise InfrastructureError(f"{file} cannot be written: {error.strerror}") from error
