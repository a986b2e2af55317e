"""What arguments may hold: every JSON type, and the strings that have broken parsers.

All is sampled from what stands here, so that a text depends on the seed alone. The plainest entries come first:
a failing text shrinks towards them.
"""

from typing import Any

from hypothesis import strategies as st

from tests.harness.cases.generate.literals import IN_STRINGS, NUMBERS

_WORDS = ("x", "y", "Oslo", "Ada Lovelace", "25 * 17 + 31", "")
"""None begins like the name of a tool: an argument taken for a name would look like a name cut short."""
_SIGNS = (
    "{",
    "}",
    "[",
    "]",
    '"',
    "\\",
    "'",
    ",",
    ":",
    "/",
    "{}",
    "[]",
    "}}]",
    "{{x}}",
    '"}',
    '"a", "b": "c"',
)
_CONTROLS = ("\n", "\t", "\r\n", "\b", "\f", "\x01")
_CALL_SYNTAX = (
    '"name": "', '"arguments": {', "name", "arguments", '[{"name": "f", "arguments": {}}]', "<tool_call>",
    "</tool_call>", "[TOOL_CALLS]", "<think>", "</think>", "```", "```json\n",
)  # fmt: skip
_LETTERS = (
    "東京", "Münster", "e\u0301", "\N{WOMAN}\u200d\N{ROCKET}", "\U0001f1f3\U0001f1f4", "مرحبا", "\u00a0", "\u200b",
    "\u2028", "\ufeffd",
)  # fmt: skip
_PLAIN_KEYS = ("a", "b", "key", "location")
_ODD_KEYS = ("name", "arguments", "größe", "東", "x y", "{", "}", '"', "\\", "", "</tool_call>")
_NUMBERS = (0, 1, -1, 36, 2**53 + 1, 0.5, -2.25, 108.2, 1e-7, 1e21)
DEEPEST = 3
"""Levels of lists and objects below the arguments object."""

_groups = (_SIGNS, (*_CONTROLS, *IN_STRINGS), _CALL_SYNTAX, _LETTERS)
_tricky = st.one_of(*map(st.sampled_from, _groups))
strings: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(_WORDS),
    st.lists(st.one_of(st.sampled_from(_WORDS), _tricky), min_size=1, max_size=4).map("".join),
)
keys: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(_PLAIN_KEYS), st.sampled_from(_PLAIN_KEYS), st.sampled_from(_ODD_KEYS)
)
_scalars: st.SearchStrategy[Any] = st.one_of(
    strings, st.sampled_from((*_NUMBERS, *NUMBERS)), st.booleans(), st.none()
)


def values(depth: int) -> st.SearchStrategy[Any]:
    """Return JSON values of at most `depth` levels of lists and objects."""
    if depth == 0:
        return _scalars
    below = values(depth - 1)
    return st.one_of(
        _scalars, _scalars, st.lists(below, max_size=2), st.dictionaries(keys, below, max_size=2)
    )


_some = st.dictionaries(keys, values(DEEPEST), min_size=1, max_size=3)
_odd = st.one_of(
    st.sampled_from(tuple(NUMBERS)),
    st.builds("{}{}{}".format, st.sampled_from(_WORDS), st.sampled_from(tuple(IN_STRINGS)), strings),
)
_some_odd = st.builds(lambda plain, key, odd: {**plain, key: odd}, _some, keys, _odd)
arguments: st.SearchStrategy[dict[str, Any]] = st.one_of(_some, _some, _some_odd, st.just({}))
