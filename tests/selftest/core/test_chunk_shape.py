"""Running values are left out of a chunk's shape, but not those that a schema looks at."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.harness.core.chunk_shape import RUNNING, chunk_shape, judged_values, shape_of_text
from tests.harness.judging.checks.support.shapes import SCHEMAS

USAGE = {"prompt_tokens": 3, "total_tokens": 4}
CHUNK: dict[str, Any] = {
    "id": "chatcmpl-1",
    "created": 17,
    "choices": [{"delta": {"content": "Hi", "tool_calls": [{"id": "c", "function": {"arguments": "{"}}]}}],
    "usage": USAGE,
}


def other(**fields: Any) -> dict[str, Any]:
    return {**CHUNK, **fields}


def test_chunks_that_differ_in_running_values_have_one_shape() -> None:
    changed = other(id="chatcmpl-2", created=18, usage={**USAGE, "total_tokens": 9})
    assert chunk_shape(changed) == chunk_shape(CHUNK)


@pytest.mark.parametrize("value", ["", None, 1, [], {}])
def test_another_type_and_an_empty_text_are_another_shape(value: object) -> None:
    assert chunk_shape(other(id=value)) != chunk_shape(CHUNK)


def test_a_kept_value_makes_another_shape() -> None:
    kept = frozenset({"id"})
    assert chunk_shape(other(id="chatcmpl-2"), kept) != chunk_shape(CHUNK, kept)
    assert chunk_shape(other(created=18), kept) == chunk_shape(CHUNK, kept)


KEYS = st.sampled_from([*sorted(RUNNING), "object", 'a"content', "content\\", "c\u2028"])
LETTERS = st.text(st.sampled_from('aé\u2028\n"\\{}[]:,1 '))
TEXTS = LETTERS | st.sampled_from(['"content":"x"', '\\"id\\":\\"y', "\\", '"', "", "[DONE]", '","id":"z'])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 20)
VALUES = st.recursive(
    st.none() | st.booleans() | TEXTS | NUMBERS | st.lists(st.integers(0, 9) | NUMBERS),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES), st.dictionaries(KEYS, VALUES), st.booleans(), st.booleans())
@example({'a"content': "x"}, {'a"content': "y"}, True, False)
@example({"created": 1.5}, {"created": 1.25}, True, False)
@example({"created": 1e22}, {"created": 1e23}, True, False)
@example({"token_ids": [1, None]}, {"token_ids": [2, None]}, True, True)
def test_the_shape_of_a_text_is_that_of_what_it_says(
    first: dict[str, Any], second: dict[str, Any], ascii_alone: bool, dense: bool
) -> None:
    for value in (first, second):
        text = json.dumps(value, ensure_ascii=ascii_alone, separators=(",", ":") if dense else None)
        assert shape_of_text(text) == chunk_shape(value)


def test_a_key_that_comes_twice_counts_as_it_is_read() -> None:
    for text in ('{"id":"a","id":5}', '{"id":"b","id":5}', '{"id":5,"id":"a"}'):
        assert shape_of_text(text) == chunk_shape(json.loads(text))


@pytest.mark.timeout(20)
def test_a_text_without_its_end_is_given_up_at_once() -> None:
    with pytest.raises(ValueError, match="Unterminated string"):
        shape_of_text('{"id":"' + "a" * 100_000)


ONE_OF = [{"properties": {"id": {"pattern": "x"}}}, {"properties": {"created": {"enum": [1]}}}]
LOOKED_AT: list[tuple[object, set[str]]] = [
    ({"properties": {"id": {"type": "string", "minLength": 1}}}, set()),
    ({"properties": {"id": {"minLength": 2}}}, {"id"}),
    ({"properties": {"id": {"pattern": "^chatcmpl-"}}}, {"id"}),
    ({"properties": {"created": {"type": "integer", "minimum": 1_000_000_000}}}, {"created"}),
    ({"properties": {"content": {"const": "text"}}}, {"content"}),
    ({"properties": {"content": {"enum": ["a", "b"]}}}, {"content"}),
    ({"properties": {"content": {"anyOf": [{"maxLength": 3}, {"type": "null"}]}}}, {"content"}),
    ({"properties": {"id": {"$ref": "#/$defs/id"}}, "$defs": {"id": {"pattern": "x"}}}, {"id"}),
    ({"properties": {"object": {"const": "chunk"}, "model": {"pattern": "x", "minLength": 5}}}, set()),
    ({"properties": {"usage": {"properties": {"total_tokens": {"multipleOf": 2}}}}}, {"total_tokens"}),
    ({"items": {"properties": {"id": {"format": "uuid"}}}}, {"id"}),
    ({"oneOf": ONE_OF}, {"id", "created"}),
    ({"if": {"required": ["id"]}, "then": {"properties": {"id": {"maxLength": 9}}}}, {"id"}),
    ({"additionalProperties": False}, set()),
    ({"additionalProperties": {"type": "string"}}, set()),
    ({"additionalProperties": {"type": "string", "pattern": "x"}}, set(RUNNING)),
    ({"patternProperties": {"^i": {"pattern": "x"}}}, set(RUNNING)),
    ({"properties": {"choices": {"uniqueItems": True}}}, set(RUNNING)),
    ({"const": {"id": "x"}}, set(RUNNING)),
    ({"a-keyword-of-tomorrow": 1}, set(RUNNING)),
    (True, set()),
]


@pytest.mark.parametrize(("schema", "kept"), LOOKED_AT)
def test_what_a_schema_looks_at_is_kept(schema: object, kept: set[str]) -> None:
    assert judged_values(schema) == kept


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_the_schemas_of_today_look_at_no_running_value(path: Path) -> None:
    """So that an answer of ten thousand chunks is validated a few times."""
    assert judged_values(json.loads(path.read_text("utf-8"))) == frozenset()
