"""How xLAM models write calls, and the forms around them that vLLM's `xlam` parser documents.

Another parser's way of writing is a module like this one: `styles`, `write`, `answers`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.harness.core.records.case import ExpectedCall

DIALECT = "xlam"
THOUGHTS = "Whether the think block stays in the text depends on the reasoning parser."
"""Why two texts are right beside the same calls."""


@dataclass(frozen=True)
class Form:
    """What stands around the array."""

    before: str = ""
    after: str = ""
    content: str | None = None
    """The text beside the calls."""
    one_line: bool = False
    """It ends with the line, so the array must not go over several."""
    closed_by: str = ""
    """What ends it; a string of the arguments that holds it would make the text ambiguous."""
    is_thought: bool = False
    """What stands before is a think block: it may stay in the text, or be taken away."""


@dataclass(frozen=True)
class Layout:
    """The white space of the JSON."""

    comma: str = ", "
    colon: str = ": "
    between: str = ", "
    """Between two calls."""
    indent: int | None = None
    outside: str = ""
    """After the whole text."""


@dataclass(frozen=True)
class Style:
    """One way to write calls."""

    form: Form
    layout: Layout
    escaped: bool
    """Letters beyond ASCII by number."""
    arguments_first: bool


@dataclass(frozen=True)
class Written:
    """A text and what is right about it beside the calls."""

    text: str
    content: str | None = None
    contents: tuple[str | None, ...] = ()
    """The texts that are right, where there are several."""


BARE = Form()
FORMS = (
    BARE,
    Form("<tool_call>", "</tool_call>", closed_by="</tool_call>"),
    Form("<tool_call>\n", "\n</tool_call>", closed_by="</tool_call>"),
    Form("On it. <tool_call>", "</tool_call>", "On it.", closed_by="</tool_call>"),
    Form("<tool_call>", "</tool_call> Done.", "Done.", closed_by="</tool_call>"),
    Form("[TOOL_CALLS]", one_line=True),
    Form("[TOOL_CALLS] ", one_line=True),
    Form("On it. [TOOL_CALLS]", "", "On it.", one_line=True),
    Form("```json\n", "\n```", closed_by="```"),
    Form("```\n", "\n```", closed_by="```"),
    Form("```json", "```", closed_by="```"),
    Form("Here you are:\n```json\n", "\n```", "Here you are:", closed_by="```"),
    Form("```json\n", "\n```\nDone.", "Done.", closed_by="```"),
    Form("<think>Look it up.</think>", is_thought=True),
    Form("<think>\nLook it up.\n</think>\n\n", is_thought=True),
)
LAYOUTS = (
    Layout(),
    Layout(comma=",", colon=":", between=","),
    Layout(between=",\n"),
    Layout(between=" ,  "),
    Layout(indent=1, between=",\n"),
    Layout(indent=2, between=",\n", outside="\n"),
    Layout(outside="\n\n"),
)
_usually_bare = st.one_of(st.just(BARE), st.sampled_from(FORMS))
styles: st.SearchStrategy[Style] = st.builds(
    Style,
    _usually_bare,
    st.sampled_from(LAYOUTS),
    st.booleans(),
    st.sampled_from((False, False, False, True)),
)

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
"""Answers in words that hold no call in any documented form."""


def plain_text(calls: Sequence[ExpectedCall]) -> str:
    """Return the calls as the models write them by themselves: one bare array."""
    return write(calls, Style(BARE, Layout(), escaped=False, arguments_first=False)).text


def write(calls: Sequence[ExpectedCall], style: Style) -> Written:
    """Return the calls in a style; a form that the calls do not allow is left out."""
    array = _array(calls, style)
    form = style.form
    if (form.one_line and "\n" in array) or (form.closed_by and form.closed_by in array):
        form = BARE
    text = f"{form.before}{array}{form.after}{style.layout.outside}"
    return Written(text, form.content, (form.before.strip(), None) if form.is_thought else ())


def _array(calls: Sequence[ExpectedCall], style: Style) -> str:
    layout = style.layout
    entries = [_entry(call, style) for call in calls]
    if layout.indent is None:
        return f"[{layout.between.join(entries)}]"
    return f"[\n{layout.between.join(entries)}\n]"


def _entry(call: ExpectedCall, style: Style) -> str:
    fields: dict[str, Any] = {"name": call.name, "arguments": call.arguments}
    if style.arguments_first:
        fields = dict(reversed(fields.items()))
    layout = style.layout
    return json.dumps(
        fields,
        ensure_ascii=style.escaped,
        indent=layout.indent,
        separators=(layout.comma.rstrip() if layout.indent else layout.comma, layout.colon),
    )
