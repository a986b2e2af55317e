"""Where a text is cut, by a limit or a stop sequence in the words of either address."""

from dataclasses import replace
from typing import Any

import pytest

from tests.harness.core.records.case import Case, ExpectedCall, RequestOptions

TEXT = '[{"name": "get", "arguments": {"key": "a"}}]'
CASE = Case(
    "made-up", "self-test", "xlam", "for a self-test", (), (), (ExpectedCall("get", {"key": "a"}),), text=TEXT
)


def asked(**request: Any) -> Case:
    return replace(CASE, request_options=RequestOptions(request))


@pytest.mark.parametrize("name", ["stop", "stop_sequences"])
def test_a_stop_sequence_ends_the_text_before_itself(name: str) -> None:
    case = asked(**{name: ["}}]}", '"key"']})
    assert case.emitted_text == '[{"name": "get", "arguments": {'
    assert case.ends_early
    assert not replace(case, calls=()).ends_early


@pytest.mark.parametrize(
    "request_", [{}, {"stop_sequences": ["never"]}, {"stop": None}, {"stop_sequences": None}]
)
def test_a_sequence_that_never_comes_ends_nothing(request_: dict[str, Any]) -> None:
    case = asked(**request_)
    assert case.emitted_text == TEXT
    assert not case.ends_early


def test_of_a_text_that_the_model_is_led_to_the_sequence_ends_it_too() -> None:
    options = RequestOptions({"stop_sequences": ["lue"]}, steered_text='{"color":"blue"}')
    assert replace(CASE, text=None, calls=(), request_options=options).ends_early
