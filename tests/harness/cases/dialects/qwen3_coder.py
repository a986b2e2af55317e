"""How Qwen3-Coder writes calls: XML, each argument an element of its own that the tool's schema gives a type.

https://huggingface.co/Qwen/Qwen3-Coder-30B-A3B-Instruct (its chat template)
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.harness.cases.call_places import CallPlace
from tests.harness.cases.dialects.dialect import Calls, Dialect, Drawn, NotSayable, Tools, Written
from tests.harness.cases.dialects.support.prose import answers
from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.case import ExpectedCall

_CALL = re.compile(
    r"<tool_call>\s*<function=(?P<name>[^>]*>)(?P<arguments>.*?</function>)\s*</tool_call>", re.DOTALL
)
_TAG = re.compile(r"</?(?:tool_call|function|parameter)\b")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


@dataclass(frozen=True)
class Style:
    """One way to write calls."""

    break_: str
    """What stands around the tags of functions."""
    between: str
    """What stands between two calls."""
    before: str
    """Words in front of the first call."""
    escaped: bool
    """Letters beyond ASCII by number, in what is JSON."""


styles: st.SearchStrategy[Style] = st.builds(
    Style,
    st.sampled_from(("\n", "\n", "")),
    st.sampled_from(("\n", "", "\n\n")),
    st.sampled_from(("", "", "", "On it. ", "On it.\n")),
    st.booleans(),
)
_PLAIN = Style("\n", "\n", "", escaped=False)


def write(calls: Calls, tools: Tools, style: Style) -> Written:
    """Return the calls in a style. Raises NotSayable for what has no type, or what the tags would make ambiguous."""
    functions = {tool["function"]["name"]: tool["function"] for tool in tools}
    written = style.between.join(_call(call, functions.get(call.name, {}), style) for call in calls)
    return Written(style.before + written, style.before.strip() or None)


@cache
def places(text: str) -> tuple[CallPlace, ...]:
    """Return where the parts of the calls stand."""
    return tuple(
        CallPlace(found.start(), *found.span("name"), *found.span("arguments"), found.end())
        for found in _CALL.finditer(text)
    )


def _call(call: ExpectedCall, function: dict[str, Any], style: Style) -> str:
    if call.verbatim is not None or not re.fullmatch(r"[^<>\s]+", call.name):
        raise NotSayable(f"no element can say the call of {call.name!r}")
    properties = (function.get("parameters") or {}).get("properties") or {}
    arguments = [_argument(key, value, properties.get(key), style) for key, value in call.arguments.items()]
    # Without arguments an empty line stands there: the server's own grammar for demanded calls wants it.
    body = style.break_.join((f"<function={call.name}>", *(arguments or [""]), "</function>"))
    return f"<tool_call>{style.break_}{body}{style.break_}</tool_call>"


def _argument(key: str, value: Any, schema: Any, style: Style) -> str:
    kind = schema.get("type") if isinstance(schema, dict) else None
    if not isinstance(kind, str) or type(value) not in _TYPES.get(kind, ()):
        raise NotSayable(f"the tool's schema does not say that {key!r} is what it is")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=style.escaped)
    is_ambiguous = _TAG.search(text) or text.startswith("\n") or text.endswith("\n")
    if is_ambiguous or not re.fullmatch(r"[^<>\s]+", key):
        raise NotSayable(f"the tags would not tell where {key!r} ends")
    return f"<parameter={key}>\n{text}\n</parameter>"


DIALECT = Dialect(
    parsers=("qwen3_coder", "qwen3_xml"),
    syntax=CallSyntax(
        "qwen3_coder",
        markers=("<tool_call>", "</tool_call>", "<function=", "</function>", "<parameter=", "</parameter>"),
        piece=r"<(?:function|parameter)=",
        call=(r"<function=", r"</function>"),
        demanded=True,
        always_read=True,
    ),
    write=lambda calls, tools: write(calls, tools, _PLAIN).text,
    places=places,
    drawn=Drawn(styles, write, answers, in_json=False),
)
