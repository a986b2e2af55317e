"""Events against a JSON schema: each kind of fault once, however many chunks show it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.harness.core.chunk_shape import chunk_shape, judged_values
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.support.answers import to_json

_REMEMBERED = 4000
"""Characters of a shape whose faults are remembered."""
SCHEMAS = Path(__file__).parents[1] / "schemas"
_SYMPTOMS = {
    "required": ("missing-field", "is missing"),
    "type": ("wrong-type", "has a wrong type"),
    "minItems": ("empty-list", "is an empty list"),
}
_WRONG_VALUE = ("wrong-value", "has a wrong value")
"""By any other keyword."""


@dataclass(frozen=True)
class ShapeFault:
    """A kind of fault with the first event that shows it; the check that asks for it makes it a finding."""

    symptom: str
    message: str
    expected: str
    got: str
    event: int


@dataclass
class _Shown:
    error: jsonschema.ValidationError
    events: list[int] = field(default_factory=list)


def shape_faults(context: CheckContext, schema: str) -> Iterator[ShapeFault]:
    """Yield the faults of all events against `schemas/{schema}.{mode}.json`, in order of first coming."""
    name = f"{schema}.{context.mode}.json"
    kept = _judged_values(name)
    faults: dict[tuple[str, str], _Shown] = {}
    for event in context.reply.events:
        if event.json is None:
            continue
        for error in _errors_of(name, chunk_shape(event.json, kept) if kept else event.shape):
            shown = faults.setdefault((str(error.validator), _place(error)), _Shown(error))
            if event.number not in shown.events:
                shown.events.append(event.number)
    for (_, place), shown in faults.items():
        yield _fault_at(place, shown, "chunks" if context.mode == "stream" else "answer")


def _errors_of(schema: str, chunk: str) -> tuple[jsonschema.ValidationError, ...]:
    """Return the faults of a shape. Large ones are not remembered: a hostile server's would fill the memory."""
    return (_errors if len(chunk) <= _REMEMBERED else _errors.__wrapped__)(schema, chunk)


@lru_cache(maxsize=2000)
def _errors(schema: str, chunk: str) -> tuple[jsonschema.ValidationError, ...]:
    """Return the faults of a shape: of chunks that differ in values alone that the schema ignores, one is validated."""
    return tuple(_validator(schema).iter_errors(json.loads(chunk)))


def _fault_at(place: str, shown: _Shown, what: str) -> ShapeFault:
    error = shown.error
    symptom, saying = _SYMPTOMS.get(str(error.validator), _WRONG_VALUE)
    got = "nothing" if error.validator == "required" else to_json(error.instance)
    if error.validator == "type" and error.instance is None:
        symptom, saying, got = "null-field", "is null", f"{place}: null"
    where = f"{len(shown.events)} {what}" if what == "chunks" else f"the {what}"
    return ShapeFault(
        symptom,
        f"The field {place} {saying} in {where}.",
        _wanted(error),
        got,
        event=shown.events[0],
    )


def _wanted(error: jsonschema.ValidationError) -> str:
    if error.validator == "required":
        return "the field"
    if error.validator in {"minItems", "minLength"}:
        return "not empty, or no such field"
    return to_json(error.validator_value)


def _place(error: jsonschema.ValidationError) -> str:
    """Return the path without numbers, e.g. `choices[].delta.role`: all chunks with one fault have one place."""
    steps = ["[]" if isinstance(step, int) else f".{step}" for step in error.absolute_path]
    required, instance = error.validator_value, error.instance
    if error.validator == "required" and isinstance(required, list) and isinstance(instance, dict):
        steps.append(f".{', '.join(name for name in required if name not in instance)}")
    return "".join(steps).lstrip(".") or "(the whole object)"


@cache
def _judged_values(name: str) -> frozenset[str]:
    return judged_values(_validator(name).schema)


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema: dict[str, Any] = json.loads((SCHEMAS / name).read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema)
