"""What the request says of calling tools is done: none, at least one, the one that is named, no more than one."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_index, chunk_shape
from tests.harness.judging.checks.support.answers import (
    calls_of,
    first_event,
    named_tool,
    short,
    show_got,
    text_of,
)
from tests.harness.judging.checks.support.limits import is_cut


def _judge(context: CheckContext) -> Iterator[Finding]:
    request, calls = context.request, calls_of(context)
    if not request.get("tools") or context.reply.choice is None:
        return
    if request.get("tool_choice") == "none":
        yield from _none(context, calls)
    elif request.get("tool_choice") == "required" or named_tool(request):
        yield from _demanded(context, calls)
    if request.get("parallel_tool_calls") is False and len(calls) > 1:
        message = f"The answer holds {len(calls)} calls although parallel_tool_calls is false."
        got = short("; ".join(map(show_got, calls)))
        yield CHECK.finding("parallel-calls", message, "one call", got, calls[1].index, first_event(calls[1]))


def _none(context: CheckContext, calls: tuple[ToolCall, ...]) -> Iterator[Finding]:
    if calls:
        message = "The answer calls a tool although tool_choice is none."
        got = short("; ".join(map(show_got, calls)))
        yield CHECK.finding(
            "call-despite-none", message, "text and no call", got, event=first_event(calls[0])
        )
    elif not text_of(context.reply.choice):
        message = "The answer is empty: tool_choice is none, so text is due."
        yield CHECK.finding("no-text", message, "text", "no text")


def _demanded(context: CheckContext, calls: tuple[ToolCall, ...]) -> Iterator[Finding]:
    wanted = named_tool(context.request)
    if not calls and not is_cut(context):
        message = "The answer calls no tool although the request demands it."
        got = short(text_of(context.reply.choice)) or "nothing"
        yield CHECK.finding("no-call", message, f"a call of {wanted or 'a tool'}", got)
    for call in calls:
        if wanted and call.name and call.name != wanted:
            message = f"Call {call.index} is another tool than the one that the request names."
            yield CHECK.finding("other-tool", message, wanted, call.name, call.index, first_event(call))


CHECK = Check(
    id="tool-choice",
    harm="wrong-call",
    symptoms={
        "call-despite-none": "A call although `tool_choice` is `none`.",
        "no-text": "Neither text nor a call although `tool_choice` is `none`.",
        "no-call": "No call although `tool_choice` is `required` or names a tool.",
        "other-tool": "A call of another tool than `tool_choice` names.",
        "parallel-calls": "Several calls although `parallel_tool_calls` is false.",
    },
    source="https://platform.openai.com/docs/guides/function-calling#tool-choice",
    judge=_judge,
    at_any_address=True,
    requires=(
        chunk_shape.CHECK,
        call_index.CHECK["missing-index"],
    ),
)
