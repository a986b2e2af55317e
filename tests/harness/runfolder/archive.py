"""What a run recorded, read when it is needed: exchanges by key or by name, and the tokens of characters."""

import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.harness.runfolder.exchange_file import index, load_at


class Archive:
    """The exchanges of a run folder; each worker of a session wrote a file of its own."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of a run; its files are read when they are needed."""
        self._folder = folder

    def find(self, key: ExchangeKey) -> Exchange | None:
        """Return the exchange with this key; None if it was not recorded. Raises UsageProblem for a damaged line."""
        place = self.places.get(key)
        return None if place is None else _load(*place)

    def named(self, name: str) -> Exchange | None:
        """Return the exchange that `ExchangeKey.name` names; None if it was not recorded."""
        key = self._names.get(name)
        return None if key is None else self.find(key)

    def read_index(self) -> None:
        """Read all but the exchanges themselves, so that damage shows now. Raises UsageProblem."""
        _ = self.places, self._learnt

    @cached_property
    def places(self) -> dict[ExchangeKey, tuple[Path, int]]:
        """Return key -> file and offset. Raises UsageProblem for a file that holds no exchanges."""
        return {
            key: (path, offset)
            for path in sorted(self._folder.glob("exchanges*.jsonl"))
            for key, offset in index(path)
        }

    @cached_property
    def asked(self) -> frozenset[tuple[str, str, str, int]]:
        """Return (case, mode, split, attempt) of all that was asked, whatever the request was."""
        return frozenset((key.case, key.mode, key.split, key.attempt) for key in self.places)

    @cached_property
    def tokens(self) -> dict[str, tuple[int, ...]]:
        """Return character -> the tokens that write it. Raises UsageProblem for a damaged line."""
        return {entry["character"]: tuple(entry["tokens"]) for entry in self._learnt if "character" in entry}

    @cached_property
    def token_texts(self) -> dict[tuple[int, ...], str]:
        """Return tokens -> the text that they write. Raises UsageProblem for a damaged line."""
        return {tuple(entry["tokens"]): entry["text"] for entry in self._learnt if "text" in entry}

    @cached_property
    def _learnt(self) -> list[dict[str, Any]]:
        return [entry for path in sorted(self._folder.glob("tokens*.jsonl")) for entry in _learnt_in(path)]

    @cached_property
    def _names(self) -> dict[str, ExchangeKey]:
        return {key.name: key for key in self.places}


def _load(path: Path, offset: int) -> Exchange:
    try:
        return load_at(path, offset)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UsageProblem(f"{path}, byte {offset}: damaged: not a recorded exchange: {error}") from error


def _learnt_in(path: Path) -> Iterable[dict[str, Any]]:
    """Yield what a run learnt of the tokenizer, a line a character or a few tokens."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                entry = json.loads(line)
                text = entry["text"] if "text" in entry else entry["character"]
                _ = text + "", [token + 0 for token in entry["tokens"]]
            except (ValueError, TypeError, KeyError) as error:
                raise UsageProblem(
                    f"{path}:{number}: damaged: not the tokens of a character: {error}"
                ) from error
            yield entry
