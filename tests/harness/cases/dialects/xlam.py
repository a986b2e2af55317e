"""How xLAM models write calls, and the forms around them that vLLM's `xlam` parser documents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from tests.harness.cases.call_places import call_places
from tests.harness.cases.dialects.dialect import Calls, Dialect, Drawn, Tools, Written
from tests.harness.cases.dialects.support.json_calls import LAYOUTS, Layout, plain_objects, styled_object
from tests.harness.cases.dialects.support.prose import answers
from tests.harness.cases.json_tags import JSON_TAGS, Tag, around, begins, is_plain_text
from tests.harness.cases.written_calls import written
from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.case import Case

_THOUGHTS = "Whether the think block stays in the text depends on the reasoning parser."
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
class Style:
    """One way to write calls."""

    form: Form
    layout: Layout
    escaped: bool
    """Letters beyond ASCII by number."""
    arguments_first: bool


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
_usually_bare = st.one_of(st.just(BARE), st.sampled_from(FORMS))
styles: st.SearchStrategy[Style] = st.builds(
    Style,
    _usually_bare,
    st.sampled_from(LAYOUTS),
    st.booleans(),
    st.sampled_from((False, False, False, True)),
)


def write(calls: Calls, _: Tools, style: Style) -> Written:
    """Return the calls in a style; a form that the calls do not allow is left out."""
    array = _array(calls, style)
    form = style.form
    if (form.one_line and "\n" in array) or (form.closed_by and form.closed_by in array):
        form = BARE
    text = f"{form.before}{array}{form.after}{style.layout.outside}"
    if form.is_thought:
        return Written(text, contents=(form.before.strip(), None), why=_THOUGHTS)
    return Written(text, form.content)


def _array(calls: Calls, style: Style) -> str:
    layout = style.layout
    entries = [
        styled_object(call, layout, escaped=style.escaped, arguments_first=style.arguments_first)
        for call in calls
    ]
    if layout.indent is None:
        return f"[{layout.between.join(entries)}]"
    return f"[\n{layout.between.join(entries)}\n]"


def _no_array(case: Case) -> bool:
    """Return whether there is no array around the calls."""
    parts = written(case.text or "")
    return bool(parts.json) and not parts.before.rstrip().endswith("[")


def _array_answer(case: Case) -> bool:
    """Return whether a forced text without calls is a JSON array."""
    return is_plain_text(case) and isinstance(_json(case.text or ""), list)


def _broken_json(case: Case) -> bool:
    """Return whether the calls are no JSON: a separator, bracket or escape is wrong, or there are two arrays."""
    parts = written(case.text or "")
    if not parts.json:
        return False
    is_opened, is_closed = parts.before.rstrip().endswith("["), parts.after.lstrip().startswith("]")
    return is_opened != is_closed or not isinstance(_json(f"[{parts.json}]"), list)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


_TAGS: Mapping[str, Tag] = MappingProxyType(
    {
        **JSON_TAGS,
        "starts-with-bracket": begins("["),
        "no-array": _no_array,
        "array-answer": _array_answer,
        "broken-json": _broken_json,
        "wrapped": begins("```", "<tool_call>", "[TOOL_CALLS]"),
        "tool-calls-marker": around("[TOOL_CALLS]"),
    }
)
DIALECT = Dialect(
    parsers=("xlam",),
    syntax=CallSyntax(
        "xlam",
        markers=("<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<think>", "</think>"),
        fences=True,
        piece=r'"(?:name|arguments)"\s*:|^[\s\[\]{}",:]+$',
        call=(r'"name"\s*:', r'"arguments"\s*:'),
    ),
    write=lambda calls, _: f"[{', '.join(plain_objects(calls))}]",
    places=call_places,
    drawn=Drawn(styles, write, answers),
    tags=_TAGS,
)
