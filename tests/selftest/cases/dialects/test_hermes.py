"""Calls between tags are read back by a reader that knows nothing of how they were written."""

import json
import re

import pytest

from tests.harness.cases.cut_tags import cut_tags_of
from tests.harness.cases.dialects.hermes import CLOSE, DIALECT, OPEN, Style, write
from tests.harness.cases.dialects.support.json_calls import LAYOUTS
from tests.harness.cases.generate.engine import draw
from tests.harness.cases.load import load_cases
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import ExpectedCall

CALLS = (
    ExpectedCall("get_weather", {"city": "東京", "days": [1, 2], "at": {"hour": 6}}),
    ExpectedCall("get_time", {}),
)
CASES = {case.id: case for case in load_cases(dialect="hermes")}


def read(text: str) -> list[tuple[str, object]]:
    found = [json.loads(body) for body in re.findall(f"{OPEN}(.*?){CLOSE}", text, re.DOTALL)]
    return [(call["name"], call["arguments"]) for call in found]


@pytest.mark.parametrize("number", range(8))
def test_a_style_is_read_as_the_calls(number: int) -> None:
    for style in draw(DIALECT.drawn.styles, 40, number):
        written = write(CALLS, (), style)
        assert read(written.text) == [(call.name, call.arguments) for call in CALLS]
        assert written.content == (style.before.strip() or None)
        assert [written.text[place.start] for place in DIALECT.places(written.text)] == ["{", "{"]


def test_the_plain_form_is_that_of_the_models() -> None:
    text = DIALECT.write(CALLS[1:], ())
    assert text == '<tool_call>\n{"name": "get_time", "arguments": {}}\n</tool_call>'


def test_the_order_of_the_keys_is_seen() -> None:
    style = Style(LAYOUTS[0], "", "", "", escaped=False, arguments_first=True)
    assert write(CALLS[1:], (), style).text == '<tool_call>{"arguments": {}, "name": "get_time"}</tool_call>'
    assert "arguments-first" in tags_of(CASES["hermes-arguments-before-name"])
    assert "arguments-first" not in tags_of(CASES["one-call"])


def test_a_tag_in_a_string_is_seen() -> None:
    assert "closing-tag-in-string" in tags_of(CASES["closing-tag-in-string"])
    assert "closing-tag-in-string" not in tags_of(CASES["one-call"])


def test_a_cut_within_a_tag_is_seen() -> None:
    case = CASES["one-call"]
    length = len(case.text or "")
    assert "marker-cut" in cut_tags_of(case, (3, length))
    assert "marker-cut" not in cut_tags_of(case, (len(OPEN), length))
