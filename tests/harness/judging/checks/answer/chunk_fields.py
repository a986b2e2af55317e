"""Chunks and answers carry the fields that the API promises; more fields are always allowed."""

from collections.abc import Iterator

from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.checks.support.shapes import shape_flaws
from tests.harness.judging.rule import Flaw, Rule


def _judge(context: CheckContext) -> Iterator[Flaw]:
    yield from shape_flaws(context, "fields")


RULE = Rule(
    id="chunk-fields",
    symptoms={
        "missing-field": "A promised field is not there.",
        "wrong-type": "A promised field has another JSON type.",
        "wrong-value": "A field has another value than the only one allowed.",
        "null-field": "A field is null where the API leaves it out; strict clients refuse that.",
        "empty-list": "`tool_calls` is empty where the API leaves it out; some clients then drop the chunk.",
    },
    source="https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    judge=_judge,
    presupposes=("chunk-shape",),
)
