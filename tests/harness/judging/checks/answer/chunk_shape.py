"""Chunks and answers have the structure that a client needs to put the answer together."""

from collections.abc import Iterator
from dataclasses import replace

from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.checks.support.shapes import shape_flaws
from tests.harness.judging.rule import Flaw, Rule

_SAME = {"null-field": "wrong-type", "empty-list": "missing-field"}


def _judge(context: CheckContext) -> Iterator[Flaw]:
    for flaw in shape_flaws(context, "structure"):
        yield replace(flaw, symptom=_SAME.get(flaw.symptom, flaw.symptom))


RULE = Rule(
    id="chunk-shape",
    symptoms={
        "missing-field": "`choices`, or a choice's `delta` or `message`, is not there.",
        "wrong-type": "A part that clients put the answer together from has another JSON type.",
    },
    source="https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    judge=_judge,
    presupposes=("stream-frames", "whole-body"),
)
