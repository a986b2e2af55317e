"""Chunks and answers have the structure that a client needs to put the answer together."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import stream_frames, whole_body
from tests.harness.judging.checks.support.shapes import shape_faults

_SAME = {"null-field": "wrong-type", "empty-list": "missing-field"}


def _judge(context: CheckContext) -> Iterator[Finding]:
    for fault in shape_faults(context, "structure"):
        symptom = _SAME.get(fault.symptom, fault.symptom)
        yield CHECK.finding(symptom, fault.message, fault.expected, fault.got, event=fault.event)


CHECK = Check(
    id="chunk-shape",
    harm="wrong-call",
    symptoms={
        "missing-field": "`choices`, or a choice's `delta` or `message`, is not there.",
        "wrong-type": "A part that clients put the answer together from has another JSON type.",
    },
    source="https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    judge=_judge,
    requires=(
        stream_frames.CHECK,
        whole_body.CHECK,
    ),
)
