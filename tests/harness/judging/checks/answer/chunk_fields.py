"""Chunks and answers carry the fields that the API promises; more fields are always allowed."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape
from tests.harness.judging.checks.support.shapes import shape_faults


def _judge(context: CheckContext) -> Iterator[Finding]:
    for fault in shape_faults(context, "fields"):
        yield CHECK.finding(fault.symptom, fault.message, fault.expected, fault.got, event=fault.event)


CHECK = Check(
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
    requires=(chunk_shape.CHECK,),
)
