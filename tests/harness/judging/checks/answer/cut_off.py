"""An answer that a token limit or a stop sequence cuts holds the beginning of what was written, and nothing else.

Asked only of cases that are cut on purpose. Cut calls may come as their beginning or, not streamed, as text: either
is a beginning of what the model wrote.
"""

import json
import re
from collections.abc import Iterator

from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_index
from tests.harness.judging.checks.support.answers import (
    calls_of,
    expected_calls,
    last_event,
    short,
    show,
    text_of,
    to_json,
)

_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*"?)|\s+', re.DOTALL)


def _judge(context: CheckContext) -> Iterator[Finding]:
    if not context.case.ends_early:
        return
    expected = expected_calls(context)
    for position, call in enumerate(calls_of(context)):
        if position >= len(expected) or call.name != expected[position].name:
            wanted = show(expected[position]) if position < len(expected) else "no further call"
            message = f"Call {call.index} ({call.name}) is none of those that were written."
            yield CHECK.finding(
                "other-call", message, wanted, call.name or "no name", call.index, last_event(call)
            )
        elif not (context.address and call.arguments == "{}"):
            # Where arguments are objects, those that have not begun are an empty one.
            yield from _arguments(call, expected[position])
    yield from _text(context)


def _text(context: CheckContext) -> Iterator[Finding]:
    text = text_of(context.reply.choice)
    written = context.case.emitted_text or context.case.request_options.steered_text or ""
    if text and not written.startswith(text):
        message = "The text is no beginning of what was written."
        yield CHECK.finding("other-text", message, short(written), short(text))
    elif context.case.text is not None:  # else nobody knows how far the model came
        yield from _lost(context, text, written)


def _lost(context: CheckContext, text: str, written: str) -> Iterator[Finding]:
    """Yield what is lost for certain: a stream may keep a call back until it knows more of it, and no prose."""
    if not context.case.calls and text != written.strip():
        message = "Text that was written before the cut did not arrive."
        yield CHECK.finding("lost", message, short(written), short(text) or "no text")
    elif context.mode == "whole" and not text and not calls_of(context):
        message = "Nothing of what was written before the cut arrived."
        yield CHECK.finding("lost", message, short(written), "neither a call nor text")


def _arguments(call: ToolCall, expected: ExpectedCall) -> Iterator[Finding]:
    written = json.dumps(expected.arguments, ensure_ascii=False)
    if not _squeezed(written).startswith(_squeezed(call.arguments)):
        message = (
            f"The arguments of call {call.index} ({call.name}) are no beginning of those that were written."
        )
        got = short(call.arguments)
        yield CHECK.finding(
            "other-arguments", message, to_json(expected.arguments), got, call.index, last_event(call)
        )


def _squeezed(text: str) -> str:
    """Return JSON, or a beginning of it, without the white space between its tokens."""
    return _STRING_OR_SPACE.sub(lambda found: found[1] or "", text)


CHECK = Check(
    id="cut-off",
    harm={
        "other-arguments": "wrong-call",
        "other-call": "wrong-call",
        "other-text": "wrong-call",
        "lost": "lost-text",
    },
    symptoms={
        "other-arguments": "Arguments that do not begin as they were written.",
        "other-call": "A call that was not written, or in another place.",
        "other-text": "Text that does not begin as it was written.",
        "lost": "Prose did not arrive up to the cut, or nothing at all of an answer that is not streamed.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/object",
    judge=_judge,
    at_any_address=True,
    requires=(call_index.CHECK["missing-index"],),
)
