"""Tags: what a text is like, computed from the case, so that ledger and selection can name kinds of texts.

Those of every dialect; what is said of one dialect's texts alone stands in its module. A new tag is one function and
one line of `_TAGS`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tests.harness.cases.dialects.registry import dialect_named, known_dialects
from tests.harness.cases.element_tags import ELEMENT_TAGS, element_tags
from tests.harness.cases.json_tags import DEEP, begins, braces, is_plain_text
from tests.harness.cases.request_tags import TERMS_TAGS, terms_tags
from tests.harness.cases.splits import LONG
from tests.harness.cases.written_calls import MARKER, calls_of, is_about_its_text, written
from tests.harness.core.records.case import Case


def tags_of(case: Case) -> frozenset[str]:
    """Return all tags of a case."""
    tags = {**_TAGS, **dialect_named(case.dialect).tags}
    flags = {tag for tag, holds in tags.items() if holds(case)}
    calls = calls_of(case)
    shape = {f"calls={len(calls)}", f"depth={_depth(case)}"} if calls else set()
    return frozenset(flags | shape | terms_tags(case) | element_tags(case.text or ""))


def _no_arguments(case: Case) -> bool:
    return any(_are_empty(case))


def _are_empty(case: Case) -> list[bool]:
    """Return of each call whether its arguments are an object with nothing in it; null and others are none."""
    if not is_about_its_text(case):
        return [not call.arguments for call in case.calls]
    return [call["arguments"] == {} for call in written(case.text or "").calls]


def _same_tool_twice(case: Case) -> bool:
    return any(count > 1 for count in Counter(call.name for call in calls_of(case)).values())


def _key(wanted: str) -> Callable[[Case], bool]:
    return lambda case: wanted in set(_keys([call.arguments for call in calls_of(case)]))


def _in_string(characters: str) -> Callable[[Case], bool]:
    def holds(case: Case) -> bool:
        return any(character in text for text in _strings(case) for character in characters)

    return holds


def _non_ascii(case: Case) -> bool:
    return any(not text.isascii() for text in _strings(case)) or not (case.content or "").isascii()


def _fence(case: Case) -> bool:
    return any("```" in text for text in _all_texts(case))


def _marker(case: Case) -> bool:
    return any(MARKER.search(text) for text in _all_texts(case))


def _several_calls(case: Case) -> bool:
    return len(calls_of(case)) > 1


def _deep(case: Case) -> bool:
    return bool(calls_of(case)) and _depth(case) >= DEEP


def _no_arguments_first(case: Case) -> bool:
    """Return whether a call without arguments stands before one that has some."""
    empty = _are_empty(case)
    return True in empty and False in empty[empty.index(True) :]


def _unbalanced_brace(case: Case) -> bool:
    """Return whether braces of a string do not pair up, or do so in the wrong order."""
    return any(text.count("{") != text.count("}") or braces(text)[0] < 0 for text in _strings(case))


def _string_has(pattern: str) -> Callable[[Case], bool]:
    return lambda case: any(re.search(pattern, text) for text in _strings(case))


def _text_has(pattern: str) -> Callable[[Case], bool]:
    return lambda case: bool(re.search(pattern, case.text or ""))


_TAGS: Mapping[str, Callable[[Case], bool]] = MappingProxyType(
    {
        "plain-text": is_plain_text,
        "no-arguments": _no_arguments,
        "same-tool-twice": _same_tool_twice,
        "key-name": _key("name"),
        "key-arguments": _key("arguments"),
        "brace-in-string": _in_string("{}"),
        "bracket-in-string": _in_string("[]"),
        "quote-in-string": _in_string('"'),
        "backslash": _in_string("\\"),
        "non-ascii": _non_ascii,
        "fence": _fence,
        "marker": _marker,
        "several-calls": _several_calls,
        "deep": _deep,
        "no-arguments-first": _no_arguments_first,
        "unbalanced-brace-in-string": _unbalanced_brace,
        "think": begins("<think>"),
        "no-tools": lambda case: bool(case.text) and not case.tools,
        "cut": lambda case: case.cut is not None,
        "debatable": lambda case: case.has_open_calls,
        "newline": _text_has(r"\n"),
        "white-space-around": _text_has(r"\A\s|\s\Z"),
        "unicode-escape": _text_has(r"\\u[0-9a-fA-F]{4}"),
        "long": lambda case: len(case.text or "") > LONG,
        "fence-in-string": _string_has("```"),
        "marker-in-string": _string_has(MARKER.pattern),
    }
)
TAGS = frozenset({*_TAGS, *ELEMENT_TAGS, *TERMS_TAGS, "calls=", "depth="}).union(
    *(dialect.tags for dialect in known_dialects().values())
)
"""All tags that a case can have; one that ends in `=` stands for all that begin so."""


def _depth(case: Case) -> int:
    """Return the deepest nesting of an arguments object: 1 is flat; lists count as a level too."""
    return max(_levels(call.arguments) for call in calls_of(case))


def _levels(value: Any) -> int:
    match value:
        case dict():
            return 1 + max(map(_levels, value.values()), default=0)
        case list():
            return 1 + max(map(_levels, value), default=0)
    return 0


def _keys(value: Any) -> Iterator[str]:
    for below in _values(value):
        if isinstance(below, dict):
            yield from below


def _strings(case: Case) -> list[str]:
    """Return every string of the arguments, keys included, as parsed."""
    arguments = [call.arguments for call in calls_of(case)]
    return [*_keys(arguments), *(value for value in _values(arguments) if isinstance(value, str))]


def _values(value: Any) -> Iterator[Any]:
    """Yield a value and all within it."""
    yield value
    match value:
        case dict():
            for below in value.values():
                yield from _values(below)
        case list():
            for below in value:
                yield from _values(below)


def _all_texts(case: Case) -> list[str]:
    return [*_strings(case), case.content or "", case.text or ""]
