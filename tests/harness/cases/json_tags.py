"""Tags of texts whose calls are JSON objects with a name and arguments: what stands in them and around them.

A new tag is one function and one line of `JSON_TAGS`.
"""

import re
from collections.abc import Callable, Mapping
from itertools import accumulate
from types import MappingProxyType

from tests.harness.cases.written_calls import calls_of, lacks_arguments, prose_around, written
from tests.harness.core.records.case import Case

Tag = Callable[[Case], bool]
DEEP = 3


def is_plain_text(case: Case) -> bool:
    """Return whether nothing in a text is a call, nor the beginning or another form of one."""
    return (
        not case.calls
        and case.free_form is None
        and (case.ambiguous is None or '"name"' not in (case.text or ""))
    )


def _arguments_first(case: Case) -> bool:
    """Return whether the key `arguments` stands before the key `name`."""
    return bool(re.search(r'[\[,]\s*\{\s*"arguments"', case.text or ""))


def around(*markers: str) -> Callable[[Case], bool]:
    """Return a test of whether one of these stands in the forced text, outside of its calls."""
    return lambda case: any(marker in written(case.text or "").around for marker in markers)


def begins(*openings: str) -> Callable[[Case], bool]:
    """Return a test of whether the forced text begins with one of these."""
    return lambda case: (case.text or "").lstrip().startswith(openings)


def _after_think(case: Case) -> bool:
    """Return whether calls stand behind the end of thoughts."""
    parts = written(case.text or "")
    return "</think>" in parts.before + parts.punctuation and bool(calls_of(case))


def _prose_before(case: Case) -> bool:
    return bool(calls_of(case)) and prose_around(case.text or "")[0]


def _prose_after(case: Case) -> bool:
    return bool(calls_of(case)) and prose_around(case.text or "")[1]


def _compact(case: Case) -> bool:
    """Return whether there is no white space between the parts of the calls' JSON."""
    punctuation = written(case.text or "").punctuation
    return bool(punctuation) and not re.search(r"\s", punctuation)


def _spread(case: Case) -> bool:
    """Return whether there are line breaks between the parts of the calls' JSON."""
    return "\n" in written(case.text or "").punctuation


def _string_arguments(case: Case) -> bool:
    return any(isinstance(call["arguments"], str) for call in written(case.text or "").calls)


def _unknown_name(case: Case) -> bool:
    """Return whether a call in a forced text names a tool that is not on offer."""
    offered = {tool["function"]["name"] for tool in case.tools}
    return bool(offered) and any(call["name"] not in offered for call in written(case.text or "").calls)


def _deep_braces(case: Case) -> bool:
    """Return whether the calls' JSON has braces deeper than one level of the arguments, within strings too."""
    return braces(written(case.text or "").json)[1] > DEEP


def _name_apart(case: Case) -> bool:
    """Return whether arguments stand elsewhere than right behind the name: before it, or behind a further key."""
    keys = [list(call) for call in written(case.text or "").calls]
    return any(names.index("arguments") != names.index("name") + 1 for names in keys)


def _empty_name(case: Case) -> bool:
    return any(call["name"] == "" for call in written(case.text or "").calls)


def _name_key_in_text(case: Case) -> bool:
    """Return whether a text without calls has a JSON key `name`."""
    return is_plain_text(case) and bool(re.search(r'"name"\s*:', case.text or ""))


def braces(text: str) -> tuple[int, int]:
    """Return the lowest and the highest number of open braces along a text."""
    open_ = list(accumulate((character == "{") - (character == "}") for character in text))
    return min(open_, default=0), max(open_, default=0)


JSON_TAGS: Mapping[str, Tag] = MappingProxyType(
    {
        "arguments-first": _arguments_first,
        "deep-braces": _deep_braces,
        "unknown-name": _unknown_name,
        "after-think": _after_think,
        "fenced": around("```"),
        "tool-call-tag": around("<tool_call>", "</tool_call>"),
        "call-in-thoughts": lambda case: bool(written((case.text or "").rpartition("</think>")[0]).calls),
        "arguments-missing": lambda case: lacks_arguments(case.text or ""),
        "prose-before": _prose_before,
        "prose-after": _prose_after,
        "string-arguments": _string_arguments,
        "name-apart": _name_apart,
        "empty-name": _empty_name,
        "name-key-in-text": _name_key_in_text,
        "compact": _compact,
        "spread": _spread,
    }
)
