"""A chunk without what runs: of thousands of chunks a few are of different make. Any room may use it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

_TEXTS = dict.fromkeys(("content", "arguments", "id"), "text")
_NUMBERS = dict.fromkeys(("created", "prompt_tokens", "completion_tokens", "total_tokens"), 1)
_LISTS: dict[str, list[int]] = {"token_ids": [1], "prompt_token_ids": [1]}
_RUNNING: dict[str, str | int | list[int]] = {**_TEXTS, **_NUMBERS, **_LISTS}
"""Keys whose values differ from chunk to chunk or from answer to answer, and what stands for one that is not empty."""
RUNNING = frozenset(_RUNNING)
_WRITTEN = re.compile(
    r'"(?<!\\")(?:'  # no quote within a string
    rf'({"|".join(_TEXTS)})":\s*"(?:[^"\\]|\\.)+"'
    rf'|({"|".join(_NUMBERS)})":\s*[1-9][0-9]*(?![0-9.eE])'
    rf'|({"|".join(_LISTS)})":\s*\[[0-9][0-9,\s]*\])'
)
"""A running value with its key, as JSON writes them."""
_REMEMBERED = 4000
"""Characters of a text whose shape is remembered: a hostile server's would fill the memory."""
_PARTED = {dict, list}
_ABOUT_FORM = frozenset({
    "$schema", "$id", "$comment", "title", "description",
    "type", "required", "minItems", "maxItems", "minProperties", "maxProperties", "propertyNames", "dependentRequired",
})  # fmt: skip
"""Keywords that what stands for a value meets if the value does: it has its type, and stands at its place."""
_ABOUT_TEXTS_AND_NUMBERS = frozenset({
    "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf",
})  # fmt: skip
"""Keywords that look at no part of an object or a list."""
_ABOUT_PARTS = frozenset(
    {"items", "prefixItems", "contains", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"}
)
"""Keywords whose value is a schema, or a list of them, of the same value or of the items of a list."""
_ABOUT_ANY_KEY = frozenset({"additionalProperties", "unevaluatedProperties"})
"""Keywords whose value is a schema of values under keys that it does not name."""


def chunk_shape(chunk: Any, kept: frozenset[str] = frozenset()) -> str:
    """Return JSON of a chunk with its running values replaced; two chunks of one shape differ in those alone.

    `kept` are running keys whose values stay.
    """
    return json.dumps(_shaped(chunk, kept))


def shape_of_text(text: str) -> str:
    """Return the `chunk_shape` of what is written in a text of JSON; a chunk that differs from another one in running
    values alone is not parsed for it."""
    rest = tuple(_WRITTEN.split(text))
    short = sum(map(len, rest[:: _WRITTEN.groups + 1])) <= _REMEMBERED
    return (_shape_around if short else _shape_around.__wrapped__)(rest)


@lru_cache(maxsize=4096)
def _shape_around(rest: tuple[str | None, ...]) -> str:
    """Return the shape of a chunk; `rest` is what its running values leave of its text, and their keys."""
    return chunk_shape(json.loads("".join(_with_stand_ins(rest))))


def _with_stand_ins(rest: tuple[str | None, ...]) -> Iterator[str]:
    step = _WRITTEN.groups + 1
    for start in range(0, len(rest), step):
        between, *keys = rest[start : start + step]
        yield between or ""
        yield from (f"{json.dumps(key)}:{json.dumps(_RUNNING[key])}" for key in keys if key)


def judged_values(schema: Any) -> frozenset[str]:
    """Return the running keys whose values a JSON schema looks at, so that a shape has to keep them.

    By a keyword that is not known here a schema may look at any value: then they are all of them.
    """
    return frozenset(_judged(schema))


def _shaped(value: Any, kept: frozenset[str]) -> Any:
    # A third of the time of judging was spent here; it looks at types as JSON has them.
    if type(value) is list:
        return [_shaped(below, kept) for below in value]
    if type(value) is not dict:
        return value
    shaped = {}
    for key, below in value.items():
        mark = None if key in kept else _RUNNING.get(key)
        if mark is not None and below and type(below) is type(mark) and _is_of_numbers(below):
            shaped[key] = mark
        else:
            shaped[key] = _shaped(below, kept) if type(below) in _PARTED else below
    return shaped


def _is_of_numbers(value: object) -> bool:
    """Return whether a list holds numbers alone, as one of tokens does; what is no list counts as such."""
    return not isinstance(value, list) or all(type(entry) is int for entry in value)


def _judged(schema: Any) -> Iterator[str]:
    """Yield the keys of a schema that is not itself about a running value."""
    if not isinstance(schema, Mapping):
        return  # true and false look at nothing
    for keyword, value in schema.items():
        match keyword:
            case "properties":
                yield from (
                    key for key, below in value.items() if key in RUNNING and not _is_about_form(below)
                )
                yield from _judged_below(value.values())
            case "$defs" | "dependentSchemas":
                yield from _judged_below(value.values())
            case _ if keyword in _ABOUT_PARTS:
                yield from _judged_below(value if isinstance(value, list) else [value])
            case _ if keyword in _ABOUT_ANY_KEY and _is_about_form(value):
                yield from _judged(value)
            case _ if not _is_blind_to_parts(keyword, value):
                yield from RUNNING


def _judged_below(schemas: Iterable[Any]) -> Iterator[str]:
    for schema in schemas:
        yield from _judged(schema)


def _is_about_form(schema: Any) -> bool:
    """Return whether a schema judges what stands for a value as it judges the value; an empty text is not replaced."""
    return not isinstance(schema, Mapping) or all(
        keyword in _ABOUT_FORM or (keyword == "minLength" and limit <= 1) for keyword, limit in schema.items()
    )


def _is_blind_to_parts(keyword: str, value: Any) -> bool:
    """Return whether a keyword cannot look at a running value that lies in what it judges."""
    match keyword:
        case "const":
            return not isinstance(value, dict | list)
        case "enum":
            return not any(isinstance(entry, dict | list) for entry in value)
        case "$ref":
            return str(value).startswith("#")  # the whole schema is looked through, and so that part of it
    return keyword in _ABOUT_FORM | _ABOUT_TEXTS_AND_NUMBERS
