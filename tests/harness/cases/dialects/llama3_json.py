"""How Llama 3 models write calls with vLLM's JSON template: one JSON object a call, and nothing beside.

https://docs.vllm.ai/en/stable/features/tool_calling/#llama-models-llama3_json
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hypothesis import strategies as st

from tests.harness.cases.call_places import CallPlace, call_places
from tests.harness.cases.dialects.dialect import Calls, Dialect, Drawn, Tools, Written
from tests.harness.cases.dialects.support.json_calls import LAYOUTS, Layout, plain_objects, styled_object
from tests.harness.cases.dialects.support.prose import answers
from tests.harness.cases.json_tags import begins
from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.cut import Cut

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


def _places(text: str) -> tuple[CallPlace, ...]:
    """Return where the parts of the calls stand, whichever key their arguments have."""
    return call_places(text, ARGUMENTS) or call_places(text)


def _names_by_delta(calls: Sequence[CallPlace], cut: Cut) -> dict[int, int]:
    """Return the number of the delta that lets vLLM's parser hand on a call's name, for each call whose turn comes.

    It takes one step a delta: it turns to the last call that has begun, or hands on that one's name, or arguments.
    """
    current, named = -1, dict[int, int]()
    for delta, end in enumerate(cut):
        begun = sum(call.start < end for call in calls)
        if begun > current + 1:
            current = begun - 1
        elif current >= 0 and current not in named and calls[current].name_end <= end:
            named[current] = delta
    return named


def _call_passed_over(calls: Sequence[CallPlace], cut: Cut) -> bool:
    """Return whether the parser never comes to hand on the name of a call."""
    return len(_names_by_delta(calls, cut)) < len(calls)


def _empty_arguments_passed_over(calls: Sequence[CallPlace], cut: Cut) -> bool:
    """Return whether the name of a call without arguments is handed on, and not at the stream's end."""
    named = _names_by_delta(calls, cut)
    empty = [number for number, call in enumerate(calls) if call.arguments_end - call.arguments == len("{}")]
    at_end = len(calls) - 1, len(cut) - 1
    return any(number in named and (number, named[number]) != at_end for number in empty)


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
    places=_places,
    drawn=Drawn(styles, write, answers),
    tags=MappingProxyType(
        {
            "white-space-before": lambda case: (case.text or "")[:1].isspace(),
            "starts-with-brace": begins("{"),
        }
    ),
    cut_tags=MappingProxyType(
        {
            "call-passed-over": _call_passed_over,
            "empty-arguments-passed-over": _empty_arguments_passed_over,
        }
    ),
    stands_alone=True,
)
