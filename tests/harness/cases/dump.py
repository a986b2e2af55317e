"""A case as a file of `tests/cases/`, the reverse of loading: for cases that were not written by hand."""

import json
import tomllib
import unicodedata
from typing import Any

from tests.harness.core.records.case import Case

_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Mn", "Me", "Zl", "Zp"}
"""Categories of characters that an editor or a terminal may change or hide; they are written by number."""


def dump_case(case: Case, why: str) -> str:
    """Return a whole file with this one case, its tools in the entry itself: nothing else has to be changed."""
    tools = {
        tool["function"]["name"]: {key: value for key, value in tool["function"].items() if key != "name"}
        for tool in case.tools
    }
    lines = [
        f'topic = "{case.topic}"',
        f'dialect = "{case.dialect}"',
        "",
        "[[case]]",
        f'id = "{case.id}"',
        f"why = {toml_string(why)}",
        *(f"user = {toml_string(message['content'])}" for message in case.messages),
        "tools = []",
        f"own_tools = {toml_string(_json(tools))}",
        f"text = {toml_string(case.text or '')}",
        *_what_is_right(case),
    ]
    return "\n".join(lines) + "\n"


def toml_string(value: str) -> str:
    """Return a TOML string: literal where it can be read and pasted as it is, else with escapes."""
    if not any(_is_hidden(character) for character in value):
        for quote in ("'", "'''"):
            literal = f"{quote}{value}{quote}"
            if _reads_as(literal, value):
                return literal
    return '"' + "".join(map(_escaped, value)) + '"'


def _what_is_right(case: Case) -> list[str]:
    calls = [
        f"  {{ name = {toml_string(call.name)}, arguments = {toml_string(call.text)} }},"
        for call in case.calls
    ]
    lines = ["calls = [", *calls, "]"] if calls else ["calls = []"]
    if case.ambiguous is not None:  # of a text that is made up the calls are never open
        texts = [f"  {{ content = {toml_string(reading.content or '')} }}," for reading in case.readings]
        return [*lines, f"ambiguous = {toml_string(case.ambiguous)}", "readings = [", *texts, "]"]
    return lines if case.content is None else [*lines, f"content = {toml_string(case.content)}"]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _reads_as(literal: str, value: str) -> bool:
    try:
        return bool(tomllib.loads(f"x = {literal}") == {"x": value})
    except tomllib.TOMLDecodeError:
        return False


def _is_hidden(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in _INVISIBLE


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character == "\n":
        return "\\n"
    return f"\\U{ord(character):08x}" if _is_hidden(character) else character
