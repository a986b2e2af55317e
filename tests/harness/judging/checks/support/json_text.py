"""Argument texts: strict JSON, and what a text that is none looks like."""

import json
from typing import Any

from tests.harness.core.strict_json import strict_json

_WHITE = " \t\n\r"
_LENIENT = json.JSONDecoder()


def parse_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object that a text is; None if it is anything else."""
    try:
        value = strict_json(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def json_symptom(text: str) -> str | None:
    """Return what is wrong with a text that must be one JSON object, as a word for it."""
    stripped = text.strip(_WHITE)
    if not stripped:
        return "empty"
    if stripped == "{":
        return "lone-brace"
    try:
        return None if isinstance(strict_json(stripped), dict) else "not-an-object"
    except ValueError:
        return _damage(stripped)


def _damage(text: str) -> str:
    if text[0] == "{" and _is_one_object(text[1:].lstrip(_WHITE)):
        return "leading-brace"
    values, rest = _leading_objects(text)
    if values and rest:
        return "trailing-text"
    if len(values) > 1:
        return "glued-twice" if all(value == values[0] for value in values) else "glued-other"
    return "cut-short" if _is_unclosed(text) else "not-json"


def _is_one_object(text: str) -> bool:
    values, rest = _leading_objects(text)
    return len(values) == 1 and not rest


def _leading_objects(text: str) -> tuple[list[dict[str, Any]], str]:
    """Return the whole objects that a text begins with, and what is left behind them.

    As Python reads them: what is glued is seen where a number or a word in it is no JSON.
    """
    values: list[dict[str, Any]] = []
    at = 0
    while text.startswith("{", at):
        try:
            value, at = _LENIENT.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while at < len(text) and text[at] in _WHITE:
            at += 1
    return values, text[at:]


def _is_unclosed(text: str) -> bool:
    """Return whether an object begins and its end is missing: a bracket or a string is still open at the end."""
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = not escaped and character == "\\"
        elif character == '"':
            in_string = True
        else:
            depth += (character in "{[") - (character in "}]")
    return text[0] == "{" and (in_string or depth > 0)
