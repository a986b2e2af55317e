"""A chunk without what runs: of thousands of chunks a few are of different make. Any room may use it."""

import json
from typing import Any

_TEXTS = dict.fromkeys(("content", "arguments", "id"), "text")
_NUMBERS = dict.fromkeys(("created", "prompt_tokens", "completion_tokens", "total_tokens"), 1)
_RUNNING: dict[str, str | int] = {**_TEXTS, **_NUMBERS}
"""Keys whose values differ from chunk to chunk or from answer to answer, and what stands for one that is not empty."""


def chunk_shape(chunk: Any) -> str:
    """JSON of a chunk with its running values replaced; two chunks with one outline differ in those alone."""
    return json.dumps(_outlined(chunk))


def _outlined(value: Any) -> Any:
    match value:
        case dict():
            return {
                key: _RUNNING[key] if _runs(key, below) else _outlined(below) for key, below in value.items()
            }
        case list():
            return [_outlined(below) for below in value]
    return value


def _runs(key: str, value: object) -> bool:
    return key in _RUNNING and type(value) is type(_RUNNING[key]) and bool(value)
