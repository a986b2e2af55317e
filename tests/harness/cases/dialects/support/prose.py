"""Answers in words, with what parsers take for the beginning of a call."""

from hypothesis import strategies as st

_OPENINGS = (
    "",
    "[1] ",
    "[ ] ",
    "[x](y) ",
    "{",
    '{"a": 1} ',
    "[1, 2] ",
    "<tool ",
    "[TOOL ",
    "```\nx = 1\n```\n",
)
_PIECES = (
    "It is fine.", " ", "\n", "\n\n", " a < b", " {x}", " }", " [2]", ' "name"', ' "arguments"', " `f()`", "東京",
    "e\u0301", "\N{WOMAN}\u200d\N{ROCKET}", " \\n", ' "', " 5 % &amp;", "\n```json\n{\"a\": 1}\n```\n", " </tool_call",
    " [TOOL",
)  # fmt: skip
answers: st.SearchStrategy[str] = st.builds(
    "{}{}{}".format,
    st.one_of(st.just(""), st.sampled_from(_OPENINGS)),
    st.sampled_from(("Yes.", "Well", "x")),
    st.lists(st.sampled_from(_PIECES), max_size=4).map("".join),
)
"""None holds a call in any form of any dialect."""
