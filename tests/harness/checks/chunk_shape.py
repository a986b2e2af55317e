"""Chunks and answers have the structure that a client needs to put the answer together."""

from collections.abc import Iterator
from dataclasses import replace

from tests.harness.checks.rule import Flaw, Rule
from tests.harness.checks.support.shapes import shape_flaws
from tests.harness.records.subject import Subject

_SAME = {"null-field": "wrong-type", "empty-list": "missing-field"}


def _judge(subject: Subject) -> Iterator[Flaw]:
    for flaw in shape_flaws(subject, "structure"):
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
