"""What a line of a run file is made of, without what it says: of thousands of lines a few are of different make."""

import json
from typing import Any

_WORDS = frozenset({"schema", "result", "depth", "word", "allow"})
"""Fields of a line whose value the schema names; all others are free within their type."""


def shape_of(line: dict[str, Any]) -> str:
    """Return JSON that is right by the schema if and only if the line is; the same for lines of one make."""
    return json.dumps({key: value if key in _WORDS else _blank(value) for key, value in line.items()})


def _blank(value: Any) -> Any:
    match value:
        case dict():
            return {key: _blank(below) for key, below in value.items()}
        case list():
            distinct = {json.dumps(below): below for below in map(_blank, value)}
            return list(distinct.values())
        case bool() | None:
            return value
        case str():
            return ""
        case int():
            return 0
    return value
