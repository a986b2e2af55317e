"""Calls as JSON: as the case spells them, or in any layout the same calls."""

import json
from itertools import product

import pytest

from tests.harness.cases.dialects.support.json_calls import LAYOUTS, Layout, plain_objects, styled_object
from tests.harness.core.records.case import ExpectedCall

CALL = ExpectedCall("get_wetter", {"city": "Münster", "days": [1, 2]})


def test_arguments_stand_as_the_case_spells_them() -> None:
    spelled = ExpectedCall("größe", {"a": 1.0}, written='{"a":1.00}')
    broken = ExpectedCall("put", {}, verbatim='{"a": [}')
    assert plain_objects([spelled, broken]) == [
        '{"name": "größe", "arguments": {"a":1.00}}',
        '{"name": "put", "arguments": {"a": [}}',
    ]


def test_the_key_of_the_arguments_is_the_dialect_s() -> None:
    (plain,) = plain_objects([CALL], "parameters")
    styled = styled_object(CALL, Layout(), escaped=False, arguments_first=False, key="parameters")
    assert plain == styled
    assert json.loads(plain) == {"name": CALL.name, "parameters": CALL.arguments}


@pytest.mark.parametrize("layout", LAYOUTS, ids=repr)
def test_a_layout_changes_nothing_but_white_space(layout: Layout) -> None:
    for escaped, arguments_first in product((False, True), (False, True)):
        text = styled_object(CALL, layout, escaped=escaped, arguments_first=arguments_first)
        keys = ["arguments", "name"] if arguments_first else ["name", "arguments"]
        assert list(json.loads(text).items()) == [
            (key, CALL.name if key == "name" else CALL.arguments) for key in keys
        ]
        assert text.isascii() is escaped
        assert ("\n" in text) is (layout.indent is not None)


def test_no_two_layouts_are_the_same() -> None:
    assert len(set(LAYOUTS)) == len(LAYOUTS)
