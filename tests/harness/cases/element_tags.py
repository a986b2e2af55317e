"""Tags of what readers stumble over: values that they cannot hold, and elements of an array that are no calls.

A new tag is one function and one line of `ELEMENT_TAGS`.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import isinf
from types import MappingProxyType

from tests.harness.cases.written_calls import STRING, leading_array, written

_ESCAPED_HALVES = re.compile(r"(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2})?(\\u[dD][c-fC-F][0-9a-fA-F]{2})?")
_MOST_DIGITS = 4300
"""Of an integer that Python reads (sys.get_int_max_str_digits)."""
_NEAR_THE_STACK_S_END = 900
"""Levels at which Python's reader, called from within a server, is out of stack: a thousand frames, less its own."""


@cache
def element_tags(text: str) -> frozenset[str]:
    """Return all tags of this module that a text has."""
    return frozenset(tag for tag, holds in ELEMENT_TAGS.items() if holds(text))


def _half_surrogate(text: str) -> bool:
    """Return whether an escape writes one half of a surrogate pair without the other."""
    halves = (found.groups() for found in _ESCAPED_HALVES.finditer(text))
    return any((first is None) != (second is None) for first, second in halves)


def _number_no_json(text: str) -> bool:
    """Return whether a number is beyond a double, or a word that Python takes for one."""
    plain = STRING.sub("", text)
    numbers = re.findall(r"-?\d+(?:\.\d+)?[eE]\+?\d+", plain)
    return bool(re.search(r"\b(?:NaN|Infinity)\b", plain)) or any(isinf(float(number)) for number in numbers)


def _integer_beyond_python(text: str) -> bool:
    return re.search(rf"\d{{{_MOST_DIGITS + 1}}}", text) is not None


def _beyond_the_stack(text: str) -> bool:
    depth = deepest = 0
    for mark in re.findall(r"[][{}]", STRING.sub("", text)):
        depth += 1 if mark in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > _NEAR_THE_STACK_S_END


def _no_object(text: str) -> bool:
    return any(not isinstance(element, dict) for element in leading_array(text)[0])


def _nameless(text: str) -> bool:
    """Return whether an object of the array has no name that is a text."""
    return any(
        isinstance(element, dict) and not isinstance(element.get("name"), str)
        for element in leading_array(text)[0]
    )


def _bad_call(text: str) -> bool:
    """Return whether an object has name and arguments, one of them of a kind that none of the forms has."""
    return any(
        isinstance(element, dict)
        and {"name", "arguments"} <= element.keys()
        and not (isinstance(element["name"], str) and isinstance(element["arguments"], dict | str))
        for element in leading_array(text)[0]
    )


def _further_fence(text: str) -> bool:
    """Return whether there is a fence beside the one around the calls."""
    parts = written(text)
    around = parts.before.count("```") + parts.after.count("```") + parts.punctuation.count("```")
    return bool(parts.calls) and "```" in parts.around and around > 2  # noqa: PLR2004 - one fence has two


ELEMENT_TAGS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "half-surrogate": _half_surrogate,
        "number-no-json": _number_no_json,
        "integer-beyond-python": _integer_beyond_python,
        "beyond-the-stack": _beyond_the_stack,
        "element-no-object": _no_object,
        "element-nameless": _nameless,
        "bad-call": _bad_call,
        "further-fence": _further_fence,
    }
)
