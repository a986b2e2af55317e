"""Tags: what a text is like, computed from the case, so that ledger and selection can name kinds of texts.

A new tag is one function and one line of `_TAGS`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tests.harness.records.case import Case

_DEEP = 3
_MARKER = re.compile(r"</?tool_call>|\[TOOL_CALLS\]|</?think>")


def tags_of(case: Case) -> frozenset[str]:
    """All tags of a case."""
    flags = {tag for tag, holds in _TAGS.items() if holds(case)}
    return frozenset(flags | ({f"calls={len(case.calls)}", f"depth={_depth(case)}"} if case.calls else set()))


def _plain_text(case: Case) -> bool:
    return not case.calls


def _no_arguments(case: Case) -> bool:
    return any(not call.arguments for call in case.calls)


def _same_tool_twice(case: Case) -> bool:
    return any(count > 1 for count in Counter(call.name for call in case.calls).values())


def _key(wanted: str) -> Callable[[Case], bool]:
    return lambda case: wanted in set(_keys([call.arguments for call in case.calls]))


def _in_string(characters: str) -> Callable[[Case], bool]:
    def holds(case: Case) -> bool:
        return any(character in text for text in _strings(case) for character in characters)

    return holds


def _non_ascii(case: Case) -> bool:
    return any(not text.isascii() for text in _strings(case)) or not (case.content or "").isascii()


def _fence(case: Case) -> bool:
    return any("```" in text for text in _all_texts(case))


def _marker(case: Case) -> bool:
    return any(_MARKER.search(text) for text in _all_texts(case))


def _several_calls(case: Case) -> bool:
    return len(case.calls) > 1


def _deep(case: Case) -> bool:
    return bool(case.calls) and _depth(case) >= _DEEP


def _no_arguments_first(case: Case) -> bool:
    """A call without arguments stands before one that has some."""
    empty = [not call.arguments for call in case.calls]
    return True in empty and False in empty[empty.index(True) :]


def _unbalanced_brace(case: Case) -> bool:
    return any(text.count("{") != text.count("}") for text in _strings(case))


def _begins(*openings: str) -> Callable[[Case], bool]:
    """The forced text begins with one of these."""
    return lambda case: (case.text or "").lstrip().startswith(openings)


def _arguments_first(case: Case) -> bool:
    """The key `arguments` stands before the key `name`."""
    return bool(re.search(r'[\[,]\s*\{\s*"arguments"', case.text or ""))


_TAGS: Mapping[str, Callable[[Case], bool]] = MappingProxyType(
    {
        "plain-text": _plain_text,
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
        "arguments-first": _arguments_first,
        "think": _begins("<think>"),
        "wrapped": _begins("```", "<tool_call>", "[TOOL_CALLS]"),
        "starts-with-bracket": _begins("["),
    }
)


def _depth(case: Case) -> int:
    """Deepest nesting of an arguments object: 1 is flat; lists count as a level too."""
    return max(_levels(call.arguments) for call in case.calls)


def _levels(value: Any) -> int:
    match value:
        case dict():
            return 1 + max(map(_levels, value.values()), default=0)
        case list():
            return 1 + max(map(_levels, value), default=0)
    return 0


def _keys(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, below in value.items():
                yield key
                yield from _keys(below)
        case list():
            for below in value:
                yield from _keys(below)


def _strings(case: Case) -> list[str]:
    """Every string of the arguments, keys included, as parsed."""
    found = list(_keys([call.arguments for call in case.calls]))
    return found + list(_leaves([call.arguments for call in case.calls]))


def _leaves(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for below in value.values():
                yield from _leaves(below)
        case list():
            for below in value:
                yield from _leaves(below)


def _all_texts(case: Case) -> list[str]:
    return [*_strings(case), case.content or "", case.text or ""]
