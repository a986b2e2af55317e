"""Whether a value that came is the value that was wanted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MISSING = object()
"""Stands for a key or an item that one side lacks."""


@dataclass(frozen=True)
class Difference:
    """Where two values part: a path like `filter.tags[1]`, and what each side has there."""

    path: str
    expected: Any
    got: Any


def differences(expected: Any, got: Any, wording: Mapping[str, str], path: str = "") -> Iterator[Difference]:
    """Yield all places in which `got` is not `expected`; `wording`: word -> pattern of equally right ones."""
    match expected, got:
        case dict(), dict():
            for key in [*expected, *(key for key in got if key not in expected)]:
                below = f"{path}.{key}" if path else str(key)
                yield from differences(expected.get(key, MISSING), got.get(key, MISSING), wording, below)
        case list(), list():
            for position in range(max(len(expected), len(got))):
                below = f"{path}[{position}]"
                yield from differences(_item(expected, position), _item(got, position), wording, below)
        case _:
            if not _same(expected, got, wording):
                yield Difference(path, expected, got)


def is_right(expected: Any, got: Any, wording: Mapping[str, str]) -> bool:
    """Return whether `got` is `expected`, or an equally right wording of it."""
    return next(differences(expected, got, wording), None) is None


def _item(values: list[Any], position: int) -> Any:
    return values[position] if position < len(values) else MISSING


def _same(expected: Any, got: Any, wording: Mapping[str, str]) -> bool:
    if isinstance(expected, str) and isinstance(got, str):
        return got == expected or (expected in wording and re.fullmatch(wording[expected], got) is not None)
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got  # Python takes True for 1; JSON does not.
    return bool(expected == got)
