"""What a right xlam parser makes of a whole text: the documented forms, read by JSON's own rules.

Written apart from the generator, so that each is a check on the other.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.selftest.faulty_servers.correct import Answer, Call

BAD_CALLS = "forced-bad-calls"
"""Topic of texts whose array holds what is no call."""
UNDOCUMENTED = (BAD_CALLS, "forced-values", "forced-deep")
"""Topics of texts of which the documents do not say what they mean."""
_OPENERS = re.compile(r"<tool_call>\s*|\[TOOL_CALLS\] ?|```(?:json)?\s*")
_BETWEEN = re.compile(r"[\s,:]*")
_CLOSERS = {"<": r"\s*</tool_call>", "[": r"(?=\n|\Z)", "`": r"\s*```"}


def read(text: str) -> Answer:
    """Calls and the text beside them."""
    if (calls := _calls(text.strip(), whole=True)) is not None:
        return Answer(calls)
    head, end_of_thoughts, tail = text.partition("</think>")
    if end_of_thoughts and (text.startswith("<think>") or "[" not in head):
        below = read(tail)
        if not below.calls:
            return Answer(content=text)
        return Answer(below.calls, "\n".join(filter(None, (head + end_of_thoughts, below.content))))
    for opener in _OPENERS.finditer(text):
        rest = text[opener.end() :]
        calls = _calls(rest)
        closer = re.compile(_CLOSERS[opener.group()[0]]).match(rest, _end(rest)) if calls else None
        if calls is not None and closer:
            beside = f"{text[: opener.start()]}{rest[closer.end() :]}".strip()
            return Answer(calls, beside or None)
    return Answer(content=text)


def _calls(text: str, *, whole: bool = False) -> tuple[Call, ...] | None:
    """The calls of the array that a text begins with (or is), their arguments as they are written."""
    try:
        found = json.loads(text) if whole else json.JSONDecoder().raw_decode(text)[0]
    except ValueError:
        return None
    if not isinstance(found, list) or not found or not all(map(_is_call, found)):
        return None
    return tuple(
        Call(entry["name"], _arguments(element)) for entry, element in zip(found, _parts(text), strict=True)
    )


def _arguments(element: str) -> str:
    """The value of an element's last key of that name."""
    keys_and_values = list(_parts(element))
    values = dict(zip(map(json.loads, keys_and_values[::2]), keys_and_values[1::2], strict=True))
    return values["arguments"]


def _parts(text: str) -> Iterator[str]:
    """The elements of the array, or the keys and values of the object, that a text begins with."""
    at = _BETWEEN.match(text, 1).end()
    while text[at] not in "]}":
        end = json.JSONDecoder().raw_decode(text, at)[1]
        yield text[at:end]
        at = _BETWEEN.match(text, end).end()


def _end(text: str) -> int:
    return json.JSONDecoder().raw_decode(text)[1]


def _is_call(entry: Any) -> bool:
    if not isinstance(entry, dict) or entry.keys() != {"name", "arguments"}:
        return False
    return bool(entry["name"]) and isinstance(entry["arguments"], dict)
