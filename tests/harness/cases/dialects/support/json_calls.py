"""Calls as JSON objects with a name and arguments."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.harness.core.records.case import ExpectedCall


@dataclass(frozen=True)
class Layout:
    """The white space of the JSON."""

    comma: str = ", "
    colon: str = ": "
    between: str = ", "
    """Between two calls."""
    indent: int | None = None
    outside: str = ""
    """After the whole text."""


LAYOUTS = (
    Layout(),
    Layout(comma=",", colon=":", between=","),
    Layout(between=",\n"),
    Layout(between=" ,  "),
    Layout(indent=1, between=",\n"),
    Layout(indent=2, between=",\n", outside="\n"),
    Layout(outside="\n\n"),
)


def plain_objects(calls: Sequence[ExpectedCall], arguments: str = "arguments") -> list[str]:
    """Return each call as an object, its arguments as the case spells them, under that key."""
    return [
        f'{{"name": {json.dumps(call.name, ensure_ascii=False)}, "{arguments}": {call.text}}}'
        for call in calls
    ]


def styled_object(
    call: ExpectedCall, layout: Layout, *, escaped: bool, arguments_first: bool, key: str = "arguments"
) -> str:
    """Return a call as an object in a layout; `escaped`: letters beyond ASCII by number."""
    fields: dict[str, Any] = {"name": call.name, key: call.arguments}
    if arguments_first:
        fields = dict(reversed(fields.items()))
    return json.dumps(
        fields,
        ensure_ascii=escaped,
        indent=layout.indent,
        separators=(layout.comma.rstrip() if layout.indent else layout.comma, layout.colon),
    )
