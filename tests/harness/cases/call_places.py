"""Where the parts of the calls stand in a forced text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.harness.cases.written_calls import LENIENT, objects_with_calls


@dataclass(frozen=True)
class CallPlace:
    """Offsets of a call in its text: where its parts begin, and where they are complete."""

    start: int
    name: int
    """Of the name's value, its opening quote."""
    name_end: int
    arguments: int
    arguments_end: int
    end: int


@cache
def call_places(text: str, key: str = "arguments") -> tuple[CallPlace, ...]:
    """Return the places of all calls that stand in a text as JSON objects, in order; `key`: of the arguments."""
    found = (_place(text, start, end, key) for start, end, _ in objects_with_calls(text, key))
    return tuple(place for place in found if place is not None)


def _place(text: str, start: int, end: int, key: str) -> CallPlace | None:
    members = dict(_members(text, start))
    if "name" not in members or key not in members:
        return None  # the calls stand deeper, in an object of another form
    return CallPlace(start, *members["name"], *members[key], end)


def _members(text: str, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield key, begin and end of the value of each member of the JSON object that begins at `start`."""
    at = _skip(text, start + 1)
    while text[at] == '"':
        key, at = LENIENT.raw_decode(text, at)
        value = _skip(text, _skip(text, at) + 1)
        _, end = LENIENT.raw_decode(text, value)
        yield key, (value, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
