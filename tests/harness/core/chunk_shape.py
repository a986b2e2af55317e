"""A chunk without what changes from one to the next: of thousands of chunks a few are of different make."""

import json
from collections.abc import Collection
from typing import Any

_TEXTS = dict.fromkeys(("content", "arguments", "id"), "text")
_NUMBERS = dict.fromkeys(("created", "prompt_tokens", "completion_tokens", "total_tokens"), 1)
_STAND_INS: dict[str, str | int] = {**_TEXTS, **_NUMBERS}
"""Keys whose values differ from chunk to chunk or from answer to answer, and what stands for one that is not empty."""
_SURVIVES = {"type", "description", "title"}
"""Keywords of a schema that judge a stand-in as they judge the value."""


def chunk_shape(chunk: Any, kept: Collection[str] = ()) -> str:
    """Return JSON of a chunk with stand-ins for its changing values; two chunks of one shape differ in those alone.

    `kept` names keys whose values stay as they are.
    """
    return json.dumps(_outlined(chunk, kept))


def judged_keys(schema: Any) -> frozenset[str]:
    """Return the keys whose values a JSON schema judges in a way that a stand-in would hide: they have to be kept."""
    match schema:
        case dict():
            own = {key for key, below in _properties(schema) if key in _STAND_INS and not _survives(below)}
            return frozenset(own).union(*map(judged_keys, schema.values()))
        case list():
            return frozenset().union(*map(judged_keys, schema))
    return frozenset()


def _properties(schema: dict[str, Any]) -> Collection[tuple[str, Any]]:
    properties = schema.get("properties")
    return properties.items() if isinstance(properties, dict) else ()


def _survives(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return schema is True
    # Whether a text is empty stays to be seen.
    return all(word in _SURVIVES or (word, rule) == ("minLength", 1) for word, rule in schema.items())


def _outlined(value: Any, kept: Collection[str]) -> Any:
    match value:
        case dict():
            return {
                key: _STAND_INS[key] if key not in kept and _changes(key, below) else _outlined(below, kept)
                for key, below in value.items()
            }
        case list():
            return [_outlined(below, kept) for below in value]
    return value


def _changes(key: str, value: object) -> bool:
    return key in _STAND_INS and type(value) is type(_STAND_INS[key]) and bool(value)
