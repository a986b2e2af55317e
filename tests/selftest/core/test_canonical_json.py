"""JSON in one spelling: equal for what is the same, different for whatever a reader would lose."""

import json
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.core.canonical_json import canonical_json

DEEP = 20_000
ALIKE = [
    ('{"a": 1, "b": [true, null]}', ' {"b":[true,null],\n"a":1}\t'),
    ('"a\\u0062\\/"', '"ab/"'),
    ("1.50", "15e-1"),
    ("100", "1e2"),
    ("0.0", "0e7"),
    ("1E999", "10.0e+998"),
    ("[]", "[ ]"),
    ("{}", "{ }"),
    ('"\\u65e5"', '"日"'),
    ('"\\ud83d\\ude80"', '"🚀"'),
    ("[" * DEEP + "]" * DEEP, "[ " * DEEP + "] " * DEEP),
]
LOST = [
    *('{"a": 1, "a": 2}', '{"a": 2, "a": 1}', '{"a": 2}', '{"a": 1}', '{"a": 2, "a": 1, "a": 2}'),
    *("1e999", "1e998", "Infinity", "-1e999"),
    *("9007199254740993", "9007199254740992", "9007199254740993.0000000000000000000000000000001"),
    *("0", "-0"),
    *('"a\\ud83d"', '"a\\ufffd"', '"a"'),
    *("0.1", "0.1000000000000000055511151231257827021181583404541015625"),
    *("true", '"true"', "1"),
]
NO_JSON = [
    *(
        "",
        " ",
        "{",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        '{"a"}',
        '{"a":}',
        '{"a":1,}',
        "{1: 2}",
        '{"a" 1}',
        "[}",
        "{]",
    ),
    *(
        "NaN",
        "Infinity",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "truex",
        "1a",
        "'a'",
        '"a',
        '"\\x"',
        '"\\u12"',
        '"\n"',
        "1 2",
    ),
    *(
        "[1] [2]",
        "[1]]",
        '{"a": 1 "b": 2}',
        '{"a": 1, : 2}',
        ":",
        ",",
        "[:]",
        '{"a", "b"}',
        '{"a": 1: 2}',
        "{{}: 1}",
    ),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_other_spellings_are_alike(one: str, other: str) -> None:
    assert canonical_json(one) == canonical_json(other) is not None


@pytest.mark.parametrize(("one", "other"), list(combinations(LOST, 2)))
def test_what_a_reader_would_lose_makes_a_difference(one: str, other: str) -> None:
    assert canonical_json(one) != canonical_json(other)


@pytest.mark.parametrize("text", NO_JSON)
def test_what_is_no_json_has_no_spelling(text: str) -> None:
    assert canonical_json(text) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=3), below, max_size=4),
    max_leaves=12,
)


@given(values, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_every_way_of_writing_a_value_is_one(value: object, escaped: bool, indent: int | str | None) -> None:
    written = json.dumps(value, ensure_ascii=escaped, indent=indent, sort_keys=indent == 1)
    found = canonical_json(written)
    assert found is not None
    assert found == canonical_json(json.dumps(value))
    assert canonical_json(found) == found
    assert json.loads(found) == value


@given(st.text(alphabet='{}[]",:0e-\\u1 ntrufalse', max_size=12))
def test_it_takes_what_python_s_strict_reader_takes(text: str) -> None:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        assert canonical_json(text) is None
    else:
        assert canonical_json(text) is not None
