"""Data files: TOML against a JSON schema, with errors that name file, place and field. Any room may use it."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.harness.core.records.errors import UsageProblem

_VALID: set[tuple[str, Path]] = set()
"""Texts that were found valid against a schema: to find that out takes twice as long as to parse them."""


def read_toml(path: Path, schema: Path) -> dict[str, Any]:
    """Return the parsed file at `path`, valid against the JSON schema at `schema`. Raises UsageProblem."""
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise UsageProblem(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise UsageProblem(f"{path}: not UTF-8 text: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageProblem(f"{path}: not TOML: {error}") from None
    if (text, schema) not in _VALID:
        wrong = min(
            _validator(schema).iter_errors(data), key=lambda error: list(map(str, error.path)), default=None
        )
        if wrong:
            raise UsageProblem(f"{path}: {_place(data, list(wrong.absolute_path))}: {wrong.message}")
        _VALID.add((text, schema))
    return data


def parse_json(text: str, path: Path, place: str) -> Any:
    """Return JSON inside a data file's string. Raises UsageProblem naming the file and the place."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageProblem(f"{path}: {place}: not JSON: {error}") from None


@cache
def _validator(schema: Path) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schema.read_text("utf-8")))


def _place(data: Any, path: list[Any]) -> str:
    """Return a path as `case "weather-tokyo", field calls.0.name`: list entries go by their id if they have one."""
    words: list[str] = []
    entry = ""
    for step in path:
        data = data[step]
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            entry, words = f'{words[-1] if words else "entry"} "{data["id"]}", ', []
        else:
            words.append(str(step))
    return f"{entry}field {'.'.join(words)}" if words else f"{entry or 'the file'}".rstrip(", ")
