"""JSON as programs can read it: RFC 8259, and nothing that only breaks its readers. Any room may use it."""

import json
from typing import Any, NoReturn

DEEPEST = 200
"""Levels of objects and lists; the reader of a deeper text would run out of stack somewhere else."""


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise ValueError("a number beyond what programs can hold")
    return value


_STRICT = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)


def strict_json(text: str) -> Any:
    """Return the JSON value that a text is.

    Raises ValueError, also for NaN and Infinity (JSON has none), for numbers too large for a program and for a text
    that is nested more than 200 levels deep.
    """
    try:
        value = _STRICT.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply to be read") from None
    _require_shallow(value, text)
    return value


def _require_shallow(value: Any, text: str) -> None:
    if text.count("[") + text.count("{") > DEEPEST and _is_deep(value):
        raise ValueError(f"nested more than {DEEPEST} levels deep")


def _is_deep(value: Any) -> bool:
    """Return whether a value nests too deep, without recursion, which is what deep nesting breaks."""
    level = [value]
    for _ in range(DEEPEST):
        level = [below for entry in level for below in _below(entry) if isinstance(below, dict | list)]
        if not level:
            return False
    return True


def _below(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
