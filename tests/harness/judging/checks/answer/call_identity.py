"""Each call introduces itself once: id, type and name in its first delta, and no other ones later."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import CallDelta, ToolCall
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_index
from tests.harness.judging.checks.support.answers import calls_of, first_event


def _judge(context: CheckContext) -> Iterator[Finding]:
    seen: dict[str, ToolCall] = {}
    for call in calls_of(context):
        deltas = call.deltas or (_as_delta(call),)
        yield from _id(call, deltas)
        yield from _type(call, deltas)
        yield from _name(call, deltas)
        identity = deltas[0].id
        if identity and identity in seen:
            message = f"Call {call.index} has the id of call {seen[identity].index}: results get mixed up."
            yield CHECK.finding(
                "duplicate-id", message, "an id of its own", identity, call.index, first_event(call)
            )
        elif identity:
            seen[identity] = call


def _as_delta(call: ToolCall) -> CallDelta:
    """Return a call of a whole answer as its own first and only delta."""
    return CallDelta(first_event(call) or 0, call.index, call.id, call.type, call.name, call.arguments)


def _id(call: ToolCall, deltas: tuple[CallDelta, ...]) -> Iterator[Finding]:
    if not deltas[0].id:
        message = f"Call {call.index} begins without an id, so its result cannot be sent back."
        yield CHECK.finding(
            "no-id", message, "an id in the first delta", "no id", call.index, first_event(call)
        )
        return
    for delta in deltas[1:]:
        if delta.id and delta.id != deltas[0].id:
            message = f"Call {call.index} changes its id on the way."
            yield CHECK.finding("changed-id", message, deltas[0].id, delta.id, call.index, delta.event)
            return


def _type(call: ToolCall, deltas: tuple[CallDelta, ...]) -> Iterator[Finding]:
    wrong = [delta for delta in deltas[1:] if delta.type not in {None, "function"}]
    if deltas[0].type != "function" or wrong:
        shown = deltas[0] if deltas[0].type != "function" else wrong[0]
        message = f"Call {call.index} is not marked as a call of a function."
        yield CHECK.finding(
            "wrong-type", message, "function", shown.type or "no type", call.index, shown.event
        )


def _name(call: ToolCall, deltas: tuple[CallDelta, ...]) -> Iterator[Finding]:
    named = [delta for delta in deltas if delta.name]
    if len(named) > 1:
        message = f"The name of call {call.index} came {len(named)} times; joined, it is {call.name}."
        yield CHECK.finding(
            "name-repeated", message, f"{named[0].name}, once", call.name or "", call.index, named[1].event
        )
    elif not named or named[0] is not deltas[0]:
        message = f"Call {call.index} begins without the name of a tool."
        got = f"{named[0].name}, late" if named else "no name"
        yield CHECK.finding(
            "no-name", message, "a name in the first delta", got, call.index, first_event(call)
        )


CHECK = Check(
    id="call-identity",
    harm="wrong-call",
    symptoms={
        "no-id": "The first delta of a call has no id.",
        "duplicate-id": "Two calls of one answer have the same id.",
        "changed-id": "A later delta of a call has another id.",
        "no-name": "The first delta of a call has no name.",
        "name-repeated": "More than one delta of a call has a name.",
        "wrong-type": "The type is not `function`, or not in the first delta.",
    },
    source="https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    judge=_judge,
    requires=(call_index.CHECK["shared-index"],),
)
