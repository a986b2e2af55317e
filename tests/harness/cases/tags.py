"""Tags: what a text is like, computed from the case, so that ledger and selection can name kinds of texts.

A new tag is one function and one line of `_TAGS`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from tests.harness.cases.element_tags import element_tags
from tests.harness.cases.request_tags import terms_tags
from tests.harness.cases.splits import LONG
from tests.harness.cases.written_calls import MARKER, calls_of, is_prose, lacks_arguments, written
from tests.harness.core.records.case import Case

_DEEP = 3


def tags_of(case: Case) -> frozenset[str]:
    """Return all tags of a case."""
    flags = {tag for tag, holds in _TAGS.items() if holds(case)}
    calls = calls_of(case)
    shape = {f"calls={len(calls)}", f"depth={_depth(case)}"} if calls else set()
    return frozenset(flags | shape | terms_tags(case) | element_tags(case.text or ""))


def _plain_text(case: Case) -> bool:
    """Return whether nothing in a text is a call, nor the beginning or another form of one."""
    return (
        not case.calls
        and case.free_form is None
        and (case.ambiguous is None or '"name"' not in (case.text or ""))
    )


def _no_arguments(case: Case) -> bool:
    return any(not call.arguments for call in calls_of(case))


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
    return bool(calls_of(case)) and _depth(case) >= _DEEP


def _no_arguments_first(case: Case) -> bool:
    """Return whether a call without arguments stands before one that has some."""
    empty = [not call.arguments for call in calls_of(case)]
    return True in empty and False in empty[empty.index(True) :]


def _unbalanced_brace(case: Case) -> bool:
    """Return whether braces of a string do not pair up, or do so in the wrong order."""
    return any(text.count("{") != text.count("}") or _braces(text)[0] < 0 for text in _strings(case))


def _begins(*openings: str) -> Callable[[Case], bool]:
    """Return a test of whether the forced text begins with one of these."""
    return lambda case: (case.text or "").lstrip().startswith(openings)


def _arguments_first(case: Case) -> bool:
    """Return whether the key `arguments` stands before the key `name`."""
    return bool(re.search(r'[\[,]\s*\{\s*"arguments"', case.text or ""))


def _around(*markers: str) -> Callable[[Case], bool]:
    """Return a test of whether one of these stands in the forced text, outside of its calls."""
    return lambda case: any(marker in written(case.text or "").around for marker in markers)


def _string_has(pattern: str) -> Callable[[Case], bool]:
    return lambda case: any(re.search(pattern, text) for text in _strings(case))


def _text_has(pattern: str) -> Callable[[Case], bool]:
    return lambda case: bool(re.search(pattern, case.text or ""))


def _after_think(case: Case) -> bool:
    """Return whether calls stand behind the end of thoughts."""
    parts = written(case.text or "")
    return "</think>" in parts.before + parts.punctuation and bool(calls_of(case))


def _prose_before(case: Case) -> bool:
    return bool(calls_of(case)) and is_prose(written(case.text or "").before)


def _prose_after(case: Case) -> bool:
    return bool(calls_of(case)) and is_prose(written(case.text or "").after)


def _compact(case: Case) -> bool:
    """Return whether there is no white space between the parts of the calls' JSON."""
    punctuation = written(case.text or "").punctuation
    return bool(punctuation) and not re.search(r"\s", punctuation)


def _spread(case: Case) -> bool:
    """Return whether there are line breaks between the parts of the calls' JSON."""
    return "\n" in written(case.text or "").punctuation


def _string_arguments(case: Case) -> bool:
    return any(isinstance(call["arguments"], str) for call in written(case.text or "").calls)


def _no_array(case: Case) -> bool:
    """Return whether there is no array around the calls."""
    parts = written(case.text or "")
    return bool(parts.json) and not parts.before.rstrip().endswith("[")


def _broken_json(case: Case) -> bool:
    """Return whether the calls are no JSON: a separator, bracket or escape is wrong, or there are two arrays."""
    parts = written(case.text or "")
    if not parts.json:
        return False
    is_opened, is_closed = parts.before.rstrip().endswith("["), parts.after.lstrip().startswith("]")
    return is_opened != is_closed or not isinstance(_json(f"[{parts.json}]"), list)


def _unknown_name(case: Case) -> bool:
    """Return whether a call in a forced text names a tool that is not on offer."""
    offered = {tool["function"]["name"] for tool in case.tools}
    return bool(offered) and any(call["name"] not in offered for call in written(case.text or "").calls)


def _deep_braces(case: Case) -> bool:
    """Return whether the calls' JSON has braces deeper than one level of the arguments, within strings too."""
    return _braces(written(case.text or "").json)[1] > _DEEP


def _array_answer(case: Case) -> bool:
    """Return whether a forced text without calls is a JSON array."""
    return _plain_text(case) and isinstance(_json(case.text or ""), list)


def _name_apart(case: Case) -> bool:
    """Return whether arguments stand elsewhere than right behind the name: before it, or behind a further key."""
    keys = [list(call) for call in written(case.text or "").calls]
    return any(names.index("arguments") != names.index("name") + 1 for names in keys)


def _empty_name(case: Case) -> bool:
    return any(call["name"] == "" for call in written(case.text or "").calls)


def _name_key_in_text(case: Case) -> bool:
    """Return whether a text without calls has a JSON key `name`."""
    return _plain_text(case) and bool(re.search(r'"name"\s*:', case.text or ""))


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
        "no-tools": lambda case: bool(case.text) and not case.tools,
        "deep-braces": _deep_braces,
        "unknown-name": _unknown_name,
        "after-think": _after_think,
        "fenced": _around("```"),
        "tool-call-tag": _around("<tool_call>", "</tool_call>"),
        "tool-calls-marker": _around("[TOOL_CALLS]"),
        "call-in-thoughts": lambda case: bool(written((case.text or "").rpartition("</think>")[0]).calls),
        "arguments-missing": lambda case: lacks_arguments(case.text or ""),
        "prose-before": _prose_before,
        "prose-after": _prose_after,
        "no-array": _no_array,
        "array-answer": _array_answer,
        "broken-json": _broken_json,
        "string-arguments": _string_arguments,
        "name-apart": _name_apart,
        "empty-name": _empty_name,
        "name-key-in-text": _name_key_in_text,
        "cut": lambda case: case.cut is not None,
        "debatable": lambda case: case.has_open_calls,
        "compact": _compact,
        "spread": _spread,
        "newline": _text_has(r"\n"),
        "white-space-around": _text_has(r"\A\s|\s\Z"),
        "unicode-escape": _text_has(r"\\u[0-9a-fA-F]{4}"),
        "long": lambda case: len(case.text or "") > LONG,
        "fence-in-string": _string_has("```"),
        "marker-in-string": _string_has(MARKER.pattern),
    }
)


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


def _braces(text: str) -> tuple[int, int]:
    """Return the lowest and the highest number of open braces along a text."""
    open_ = list(accumulate((character == "{") - (character == "}") for character in text))
    return min(open_, default=0), max(open_, default=0)


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


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
