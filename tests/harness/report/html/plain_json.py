"""JSON texts made alike, so that two of them can be laid side by side: keys in order, numbers as they were written."""

import json
from typing import Any


class _Number(str):
    """A number's own digits: 1e400 and 0.10 survive."""


class _Pairs(list[tuple[str, Any]]):
    """An object's keys and values, doubled keys too."""


def laid_out(text: str) -> str | None:
    """Return a text with sorted keys, one value a line; None if it is not JSON."""
    try:
        value = json.loads(
            text, parse_float=_Number, parse_int=_Number, parse_constant=_refuse, object_pairs_hook=_Pairs
        )
        return _written(value, "\n")
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _written(value: Any, line: str) -> str:
    deeper = line + "  "
    match value:
        case _Number():
            return str(value)
        case _Pairs():
            pairs = sorted(value, key=lambda pair: pair[0])
            parts = [f"{_quoted(name)}: {_written(below, deeper)}" for name, below in pairs]
            return _wrapped("{", parts, "}", line)
        case list():
            return _wrapped("[", [_written(below, deeper) for below in value], "]", line)
        case str():
            return _quoted(value)
    return json.dumps(value)


def _wrapped(begin: str, parts: list[str], end: str, line: str) -> str:
    deeper = line + "  "
    return begin + deeper + ("," + deeper).join(parts) + line + end if parts else begin + end


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
