"""How Hermes 2 Pro, Qwen2.5 and many others write calls: a JSON object a call, each between tags.

https://github.com/NousResearch/Hermes-Function-Calling#prompt-format-for-function-calling
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from hypothesis import strategies as st

from tests.harness.cases.call_places import call_places
from tests.harness.cases.dialects.dialect import Calls, Dialect, Drawn, Tools, Written
from tests.harness.cases.dialects.support.json_calls import LAYOUTS, Layout, plain_objects, styled_object
from tests.harness.cases.dialects.support.prose import answers
from tests.harness.cases.json_tags import JSON_TAGS
from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.case import Case

OPEN, CLOSE = "<tool_call>", "</tool_call>"


@dataclass(frozen=True)
class Style:
    """One way to write calls."""

    layout: Layout
    inside: str
    """White space between a tag and its call."""
    between: str
    """What stands between two calls."""
    before: str
    """Words in front of the first call."""
    escaped: bool
    arguments_first: bool


styles: st.SearchStrategy[Style] = st.builds(
    Style,
    st.sampled_from(LAYOUTS),
    st.sampled_from(("\n", "\n", "")),
    st.sampled_from(("\n", "", "\n\n")),
    st.sampled_from(("", "", "", "On it. ", "On it.\n")),
    st.booleans(),
    st.sampled_from((False, False, False, True)),
)


def write(calls: Calls, _: Tools, style: Style) -> Written:
    """Return the calls in a style."""
    objects = [
        styled_object(call, style.layout, escaped=style.escaped, arguments_first=style.arguments_first)
        for call in calls
    ]
    text = style.between.join(f"{OPEN}{style.inside}{call}{style.inside}{CLOSE}" for call in objects)
    return Written(f"{style.before}{text}{style.layout.outside}", style.before.strip() or None)


def _arguments_first(case: Case) -> bool:
    """Return whether the key `arguments` stands before the key `name`."""
    return bool(re.search(rf'{OPEN}\s*\{{\s*"arguments"', case.text or ""))


def _closing_tag_in_string(case: Case) -> bool:
    return any(CLOSE in call.text for call in case.calls)


DIALECT = Dialect(
    parsers=("hermes",),
    syntax=CallSyntax(
        "hermes",
        markers=(OPEN, CLOSE),
        piece=r'"(?:name|arguments)"\s*:|^[\s\[\]{}",:]+$',
        call=(r'"name"\s*:', r'"arguments"\s*:'),
        demanded=True,
    ),
    write=lambda calls, _: "\n".join(f"{OPEN}\n{call}\n{CLOSE}" for call in plain_objects(calls)),
    places=call_places,
    drawn=Drawn(styles, write, answers),
    tags=MappingProxyType(
        {
            **JSON_TAGS,
            "arguments-first": _arguments_first,
            "closing-tag-in-string": _closing_tag_in_string,
        }
    ),
)
