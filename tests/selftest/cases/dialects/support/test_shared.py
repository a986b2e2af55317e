"""What several dialects share: objects as a case spells them, and words in which nobody reads a call."""

import json

import pytest

from tests.harness.cases.dialects.dialect import Dialect
from tests.harness.cases.dialects.registry import known_dialects
from tests.harness.cases.dialects.support.json_calls import LAYOUTS, plain_objects, styled_object
from tests.harness.cases.generate.engine import draw
from tests.harness.core.records.case import ExpectedCall

CALL = ExpectedCall("f", {"é": 1.0}, written='{"\\u00e9": 1.0}')


def test_a_plain_object_keeps_the_case_s_spelling() -> None:
    assert plain_objects([CALL]) == ['{"name": "f", "arguments": {"\\u00e9": 1.0}}']
    assert plain_objects([CALL], "parameters") == ['{"name": "f", "parameters": {"\\u00e9": 1.0}}']


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_styled_object_is_the_call_in_every_layout(layout: object) -> None:
    text = styled_object(CALL, layout, escaped=True, arguments_first=True, key="parameters")  # type: ignore[arg-type]
    assert list(json.loads(text).items()) == [("parameters", {"é": 1.0}), ("name", "f")]
    assert text.isascii()


@pytest.mark.parametrize("dialect", known_dialects().values(), ids=lambda dialect: dialect.name)
def test_no_dialect_reads_a_call_in_drawn_words(dialect: Dialect) -> None:
    assert not any(dialect.places(text) for text in draw(dialect.drawn.answers, 300, 0))
