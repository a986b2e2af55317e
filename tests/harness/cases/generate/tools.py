"""Tools that fit calls: a schema is read off the arguments, so that a right call is valid by construction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.harness.core.records.case import ExpectedCall

NAMES = ("f", "g", "get", "get_all", "get-time", "math.mul", "name", "arguments")
"""Among them one that begins like another, and words of the call syntax."""
_TYPES: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}


def tools_for(calls: Sequence[ExpectedCall], unused: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Return definitions of all tools that are called, and of some that are not, as the API takes them."""
    names = dict.fromkeys([*(call.name for call in calls), *unused])
    return tuple(_tool(name, [call.arguments for call in calls if call.name == name]) for name in names)


def _tool(name: str, uses: Sequence[dict[str, Any]]) -> dict[str, Any]:
    properties = {key: _schema(key, uses) for key in dict.fromkeys(key for use in uses for key in use)}
    required = [key for key in properties if all(key in use for use in uses)]
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        parameters["required"] = required
    function = {"name": name, "description": "Made up for a test", "parameters": parameters}
    return {"type": "function", "function": function}


def _schema(key: str, uses: Sequence[dict[str, Any]]) -> dict[str, Any]:
    types = list(dict.fromkeys(_types(use[key] for use in uses if key in use)))
    return {"type": types[0] if len(types) == 1 else types}


def _types(values: Iterator[Any]) -> Iterator[str]:
    return (_TYPES[type(value)] for value in values)
