"""Calls in XML: a schema gives each element its type, and what the tags could not tell apart is not said."""

import json
import re
from typing import Any

import pytest

from tests.harness.cases.dialects.dialect import NotSayable
from tests.harness.cases.dialects.qwen3_coder import DIALECT, write
from tests.harness.cases.generate.cases import chosen
from tests.harness.cases.generate.engine import draw
from tests.harness.core.records.case import ExpectedCall

_TYPES = {"s": "string", "i": "integer", "b": "boolean", "o": "object", "l": "array", "n": "null"}
TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "f",
        "parameters": {"type": "object", "properties": {key: {"type": kind} for key, kind in _TYPES.items()}},
    },
}
ARGUMENTS = {"s": "007\n<b>", "i": 3, "b": True, "o": {"a": ["東"]}, "l": [1, None], "n": None}


def read(text: str) -> list[tuple[str, dict[str, Any]]]:
    calls = []
    for name, body in re.findall(r"<function=([^>]+)>(.*?)</function>", text, re.DOTALL):
        values = re.findall(r"<parameter=([^>]+)>\n(.*?)\n</parameter>", body, re.DOTALL)
        calls.append((name, {key: value if key == "s" else json.loads(value) for key, value in values}))
    return calls


@pytest.mark.parametrize("number", range(4))
def test_a_style_is_read_as_the_calls(number: int) -> None:
    calls = (ExpectedCall("f", ARGUMENTS), ExpectedCall("f", {}))
    for style in draw(DIALECT.drawn.styles, 20, number):
        written = write(calls, (TOOL,), style)
        assert read(written.text) == [("f", ARGUMENTS), ("f", {})]
        assert len(DIALECT.places(written.text)) == len(calls)


def test_the_parts_of_a_call_are_found() -> None:
    text = DIALECT.write((ExpectedCall("f", {"i": 3}),), (TOOL,))
    (place,) = DIALECT.places(text)
    assert text[place.start :].startswith("<tool_call>")
    assert text[place.name : place.name_end] == "f>"
    assert text[place.arguments : place.arguments_end] == "\n<parameter=i>\n3\n</parameter>\n</function>"
    assert place.end == len(text)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"x": 1}, "the tool's schema does not say that 'x' is what it is"),
        ({"i": "3"}, "the tool's schema does not say that 'i' is what it is"),
        ({"i": True}, "the tool's schema does not say that 'i' is what it is"),
        ({"s": "a</parameter>b"}, "the tags would not tell where 's' ends"),
        ({"s": "\na"}, "the tags would not tell where 's' ends"),
        ({"s": "a\n"}, "the tags would not tell where 's' ends"),
    ],
)
def test_what_the_tags_cannot_tell_is_not_said(arguments: dict[str, Any], why: str) -> None:
    with pytest.raises(NotSayable, match=why):
        DIALECT.write((ExpectedCall("f", arguments),), (TOOL,))


def test_what_is_no_object_is_not_said() -> None:
    with pytest.raises(NotSayable, match="no element can say the call of 'f'"):
        DIALECT.write((ExpectedCall("f", {}, verbatim="{]"),), (TOOL,))


def test_no_spelling_of_a_literal_is_drawn() -> None:
    """A string is what stands there: a number's other spelling would be a string of signs."""
    assert not any("@number" in (example.case.text or "") for example in chosen(60, 0, "qwen3_coder"))
