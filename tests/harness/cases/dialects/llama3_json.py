"""How Llama 3 models write calls with vLLM's JSON template: one JSON object a call, and nothing beside.

https://docs.vllm.ai/en/stable/features/tool_calling/#llama-models-llama3_json
"""

from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st

from tests.harness.cases.call_places import call_places
from tests.harness.cases.dialects.dialect import Calls, Dialect, Drawn, Tools, Written
from tests.harness.cases.dialects.support.json_calls import LAYOUTS, Layout, plain_objects, styled_object
from tests.harness.cases.dialects.support.prose import answers
from tests.harness.core.records.call_syntax import CallSyntax

ARGUMENTS, BETWEEN = "parameters", "; "


@dataclass(frozen=True)
class Style:
    """One way to write calls."""

    layout: Layout
    escaped: bool
    key: str
    """Of the arguments."""


styles: st.SearchStrategy[Style] = st.builds(
    Style,
    st.sampled_from([layout for layout in LAYOUTS if not layout.outside]),
    st.booleans(),
    st.sampled_from((ARGUMENTS, ARGUMENTS, "arguments")),
)


def write(calls: Calls, _: Tools, style: Style) -> Written:
    """Return the calls in a style."""
    return Written(
        BETWEEN.join(
            styled_object(call, style.layout, escaped=style.escaped, arguments_first=False, key=style.key)
            for call in calls
        )
    )


DIALECT = Dialect(
    parsers=("llama3_json", "llama4_json"),
    syntax=CallSyntax(
        "llama3_json",
        markers=("<|python_tag|>",),
        piece=r'"(?:name|parameters|arguments)"\s*:|^[\s\[\]{}",:;]+$',
        call=(r'"name"\s*:', r'"(?:parameters|arguments)"\s*:'),
        demanded=True,
    ),
    write=lambda calls, _: BETWEEN.join(plain_objects(calls, ARGUMENTS)),
    places=partial(call_places, key=ARGUMENTS),
    drawn=Drawn(styles, write, answers),
    stands_alone=True,
)
