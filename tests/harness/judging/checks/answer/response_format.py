"""Where the request asks for JSON, text that comes is such JSON."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape, tool_choice
from tests.harness.judging.checks.support.answers import short, text_of, to_json
from tests.harness.judging.checks.support.limits import is_cut


def _judge(context: CheckContext) -> Iterator[Finding]:
    schema = _schema(context.request.get("response_format"))
    text = text_of(context.reply.choice)
    if schema is None or not text or is_cut(context):
        return
    try:
        value = json.loads(text)
    except ValueError:
        yield CHECK.finding(
            "not-json", "The text is not JSON, which the request asks for.", to_json(schema), short(text)
        )
        return
    error = next(jsonschema.Draft202012Validator(schema).iter_errors(value), None)
    if error is not None:
        message = f"The text is JSON, but not of the form that the request asks for: {short(error.message)}."
        yield CHECK.finding("other-form", message, to_json(schema), short(text))


def _schema(wanted: Any) -> dict[str, Any] | None:
    match wanted:
        case {"type": "json_object"}:
            return {"type": "object"}
        case {"type": "json_schema", "json_schema": {"schema": dict(schema)}}:
            return schema
    return None


CHECK = Check(
    id="response-format",
    harm="lost-text",
    symptoms={
        "not-json": "Text that is not JSON.",
        "other-form": "JSON that breaks the request's schema.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-response_format",
    judge=_judge,
    requires=(
        chunk_shape.CHECK,
        tool_choice.CHECK,
    ),
)
