"""Each keyword of a schema is judged by what really came, and chunks of one make are validated once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.core.records.case import ExpectedCall
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.support import shapes
from tests.harness.judging.checks.support.shapes import shape_faults
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, call, case_with

ANSWER = Answer((call("first", {"text": "many words " * 40}),))
CASE = case_with(ExpectedCall("first", {"text": "many words " * 40}))


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    remembered = (shapes._errors, shapes._validator, shapes._judged_values)
    for cache in remembered:
        cache.cache_clear()
    yield
    for cache in remembered:
        cache.cache_clear()


def by_schema(schema: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> CheckContext:
    (folder / "mine.stream.json").write_text(json.dumps(schema))
    monkeypatch.setattr(shapes, "SCHEMAS", folder)
    return answered(CASE, ANSWER)


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("id", {"pattern": "^chatcmpl-"}, {"pattern": "^resp-"}),
        ("id", {"maxLength": 100}, {"minLength": 100}),
        ("created", {"minimum": 1}, {"minimum": 10_000_000_000}),
        ("created", {"type": "integer"}, {"const": 1}),
        ("id", {"type": "string"}, {"enum": ["text"]}),
    ],
)
def test_a_keyword_on_a_running_value_is_judged(
    key: str, right: dict[str, Any], wrong: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = by_schema({"properties": {key: wrong}}, tmp_path, monkeypatch)
    (fault,) = shape_faults(context, "mine")
    assert fault.symptom == "wrong-value"
    assert fault.message == f"The field {key} has a wrong value in {len(context.reply.events) - 1} chunks."
    shapes._validator.cache_clear()
    shapes._judged_values.cache_clear()
    shapes._errors.cache_clear()
    assert list(shape_faults(by_schema({"properties": {key: right}}, tmp_path, monkeypatch), "mine")) == []


def test_chunks_of_one_make_are_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    context = answered(CASE, ANSWER)
    assert len(context.reply.events) > 30
    list(shape_faults(context, "structure"))
    assert shapes._errors.cache_info().misses <= 6
