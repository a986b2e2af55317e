"""A call that fits a tool: what a model may say where calls are demanded, and a case leaves open which."""

from collections.abc import Mapping
from typing import Any

from tests.harness.core.records.case import ExpectedCall

_PLAIN: Mapping[str, Any] = {
    "string": "a", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}, "null": None,
}  # fmt: skip


def sample_call(tool: dict[str, Any]) -> ExpectedCall:
    """Return a call of a tool, as the API defines it, with the fewest arguments that its schema takes."""
    function = tool["function"]
    schema = function.get("parameters") or {}
    arguments = _sample(schema, schema)
    return ExpectedCall(function["name"], arguments if isinstance(arguments, dict) else {})


def _sample(schema: Any, root: dict[str, Any]) -> Any:
    """Return a value of a schema: of the keywords that the cases' tools use."""
    match schema:
        case {"$ref": str(reference)}:
            return _sample(_referred(reference, root), root)
        case {"const": value} | {"enum": [value, *_]}:
            return value
        case {"anyOf": [first, *_]} | {"oneOf": [first, *_]} | {"allOf": [first, *_]}:
            return _sample(first, root)
        case {"properties": dict(properties)}:
            return {
                key: _sample(properties[key], root) for key in schema.get("required", ()) if key in properties
            }
        case {"type": "array", "minItems": int(least)}:
            return [_sample(schema.get("items", {}), root)] * least
        case {"minimum": least}:
            return least
        case {"type": [kind, *_]} | {"type": str(kind)}:
            return _PLAIN.get(kind)
    return {}


def _referred(reference: str, root: dict[str, Any]) -> Any:
    at: Any = root
    for part in reference.removeprefix("#/").split("/"):
        at = at.get(part, {}) if isinstance(at, dict) else {}
    return at
