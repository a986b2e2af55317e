"""Streamed calls are numbered 0, 1, 2, ... in the order in which they begin."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape
from tests.harness.judging.checks.support.answers import calls_of, first_event


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.mode != "stream":
        return
    yield from _without_index(context)
    calls = calls_of(context)
    yield from _shared(calls)
    indices = [call.index for call in calls]
    got = ", ".join(map(str, indices))
    wanted = ", ".join(map(str, range(len(indices))))
    if sorted(indices) != list(range(len(indices))):
        message = "The calls are not numbered 0, 1, 2, ...; clients that use the number as a place fail."
        yield CHECK.finding("gap", message, wanted, got, event=first_event(calls[-1]))
    elif indices != sorted(indices):
        message = "The calls begin in another order than their numbers say."
        yield CHECK.finding("out-of-order", message, wanted, got, event=first_event(calls[0]))


def _without_index(context: CheckContext) -> Iterator[Finding]:
    stray = context.reply.choice.stray if context.reply.choice else ()
    if stray:
        message = "A piece of a call does not say which call it belongs to."
        yield CHECK.finding("missing-index", message, "an index", "no index", event=stray[0].event)


def _shared(calls: tuple[ToolCall, ...]) -> Iterator[Finding]:
    for call in calls:
        begun = [delta for delta in call.deltas if delta.name and delta.id and delta.id != call.id]
        if begun:
            message = (
                f"Another call begins on the index {call.index} of call {call.id}: clients merge the two."
            )
            got = f"{begun[0].name} ({begun[0].id})"
            yield CHECK.finding(
                "shared-index", message, "an index of its own", got, call.index, begun[0].event
            )


CHECK = Check(
    id="call-index",
    harm="wrong-call",
    symptoms={
        "missing-index": "A call's delta has no index.",
        "shared-index": "A delta with another id and a name comes for an index in use.",
        "gap": "The indices are not 0 to n-1.",
        "out-of-order": "A call with a smaller index begins after one with a larger index.",
    },
    source="https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    judge=_judge,
    requires=(chunk_shape.CHECK,),
)
