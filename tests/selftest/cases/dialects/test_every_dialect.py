"""What is known of a dialect fits together: what it writes, where it finds the parts, by what they are known."""

import pytest

from tests.harness.cases.dialects.dialect import Dialect
from tests.harness.cases.dialects.registry import known_dialects
from tests.harness.cases.generate.cases import chosen
from tests.harness.core.records.case import ExpectedCall
from tests.harness.judging.checks.support.leaks import leaked_call, leaked_marker, leaked_piece
from tests.selftest.cases.dialects.lines import LINES

CALLS = (ExpectedCall("get_weather", {"city": "Oslo"}), ExpectedCall("get_time", {"zone": "CET"}))
TOOLS = tuple(
    {
        "type": "function",
        "function": {
            "name": call.name,
            "parameters": {
                "type": "object",
                "properties": {key: {"type": "string"} for key in call.arguments},
            },
        },
    }
    for call in CALLS
)
WORDS = "The weather in Oslo is fine; it is 5 o'clock."
of_each = pytest.mark.parametrize(
    "dialect", [*known_dialects().values(), LINES], ids=lambda dialect: dialect.name
)


@of_each
def test_it_finds_the_calls_that_it_writes(dialect: Dialect) -> None:
    text = dialect.write(CALLS, TOOLS)
    places = dialect.places(text)
    assert len(places) == len(CALLS)
    for call, place in zip(CALLS, places, strict=True):
        assert call.name in text[place.name : place.name_end]
        assert all(value in text[place.arguments : place.arguments_end] for value in call.arguments.values())
        assert place.start <= place.name < place.name_end <= place.end
        assert place.start <= place.arguments < place.arguments_end <= place.end


@of_each
def test_calls_that_come_as_text_are_known(dialect: Dialect) -> None:
    text = dialect.write(CALLS, TOOLS)
    assert leaked_call(text, dialect.syntax)
    assert leaked_piece(text, dialect.syntax)


@of_each
def test_words_are_no_calls(dialect: Dialect) -> None:
    assert dialect.places(WORDS) == ()
    assert not leaked_call(WORDS, dialect.syntax)
    assert leaked_piece(WORDS, dialect.syntax) is None
    assert leaked_marker(WORDS, dialect.syntax, fences=True) is None


@pytest.mark.parametrize("name", known_dialects())
def test_generated_texts_are_its_own(name: str) -> None:
    dialect = known_dialects()[name]
    cases = [example.case for example in chosen(40, 0, name)]
    assert {case.dialect for case in cases} == {name}
    assert {len(dialect.places(case.text or "")) for case in cases if not case.calls} == {0}
    assert any(len(dialect.places(case.text or "")) == len(case.calls) > 0 for case in cases)
