"""Calls that stand alone as JSON, and what a parser of one step a delta makes of how they were cut."""

import json

import pytest

from tests.harness.cases.cut_tags import cut_tags_of
from tests.harness.cases.dialects.llama3_json import BETWEEN, DIALECT, write
from tests.harness.cases.generate.engine import draw
from tests.harness.cases.load import load_cases
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import Case, ExpectedCall

CALLS = (
    ExpectedCall("get_weather", {"city": "東京", "days": [1, 2], "at": {"hour": 6}}),
    ExpectedCall("get_time", {}),
)
CASES = {case.id: case for case in load_cases(dialect="llama3_json")}


def read(text: str) -> list[tuple[str, object]]:
    calls, at = [], 0
    while at < len(text):
        call, end = json.JSONDecoder().raw_decode(text, at)
        calls.append((call["name"], call.get("parameters", call.get("arguments"))))
        at = end + len(BETWEEN)
    return calls


@pytest.mark.parametrize("number", range(8))
def test_a_style_is_read_as_the_calls(number: int) -> None:
    for style in draw(DIALECT.drawn.styles, 20, number):
        text = write(CALLS, (), style).text
        assert read(text) == [(call.name, call.arguments) for call in CALLS]
        assert len(DIALECT.places(text)) == len(CALLS)


def test_words_beside_calls_cannot_be_said() -> None:
    assert DIALECT.stands_alone
    assert "one-call" in CASES
    assert "hermes-words-before-a-call" not in CASES


def at(case: Case, *ends: int) -> frozenset[str]:
    length = len(case.text or "")
    return cut_tags_of(case, (*ends, length, length))


def test_a_call_is_passed_over_where_the_next_one_begins_in_its_first_delta() -> None:
    case = CASES["two-calls"]
    second = (case.text or "").index(BETWEEN) + len(BETWEEN)
    assert "call-passed-over" in at(case)
    assert "call-passed-over" in at(case, second + 1)
    assert "call-passed-over" not in at(case, 1, second, second + 1)


def test_empty_arguments_are_passed_over_unless_the_name_comes_last() -> None:
    case = CASES["no-arguments-alone"]
    length = len(case.text or "")
    assert "empty-arguments-passed-over" in at(case, 1)
    assert "empty-arguments-passed-over" not in cut_tags_of(case, (1, length))
    assert "empty-arguments-passed-over" not in at(CASES["one-call"], 1)


@pytest.mark.parametrize(
    ("tag", "has", "has_not"),
    [
        ("white-space-before", "leading-space", "one-call"),
        ("starts-with-brace", "object-as-the-answer", "to-do-list"),
    ],
)
def test_a_tag_is_seen(tag: str, has: str, has_not: str) -> None:
    assert tag in tags_of(CASES[has])
    assert tag not in tags_of(CASES[has_not])
