"""Streamed or whole, the answer is the same: where more than one is right, nothing else would notice a difference.

Finish reasons are not compared: `finish-reason` judges each mode, so a difference has a finding already.
"""

from collections.abc import Iterator
from dataclasses import replace

from tests.harness.core.canonical_json import canonical_json
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import arguments_json, arguments_value, content, expected_calls
from tests.harness.judging.checks.support.answers import calls_of, last_event, short, show_got, text_of

_SOUND = (arguments_json.CHECK, arguments_value.CHECK, content.CHECK, expected_calls.CHECK)


def _judge(context: CheckContext) -> Iterator[Finding]:
    """Compare the modes, unless the whole answer is at fault: then it is judged in its own right."""
    if context.mode != "stream" or context.partner is None or context.reply.choice is None:
        return
    whole = replace(context, mode="whole", reply=context.partner, partner=None)
    if context.partner.choice is None or not (context.case.free_form is not None or _is_right(whole)):
        return
    yield from _calls(calls_of(context), calls_of(whole))
    ours, theirs = text_of(context.reply.choice), text_of(context.partner.choice)
    if ours != theirs:
        message = "Streamed, the text is another one than when it is not streamed."
        yield CHECK.finding("content-differs", message, short(theirs) or "no text", short(ours) or "no text")


def _is_right(whole: CheckContext) -> bool:
    """Return whether the whole answer is right, be it another of several right ones than the streamed answer is."""
    settled = (replace(whole, case=case) for case in whole.case.settled())
    return any(not any(check.findings(one) for check in _SOUND) for one in settled)


def _calls(streamed: tuple[ToolCall, ...], whole: tuple[ToolCall, ...]) -> Iterator[Finding]:
    if len(streamed) != len(whole):
        message = f"Streamed, the answer holds {len(streamed)} calls; not streamed, {len(whole)}."
        got = short("; ".join(map(show_got, streamed))) or "no call"
        yield CHECK.finding("calls-differ", message, short("; ".join(map(show_got, whole))) or "no call", got)
        return
    for ours, theirs in zip(streamed, whole, strict=True):
        if _value(ours) != _value(theirs):
            message = f"Streamed, call {ours.index} is another one than when it is not streamed."
            yield CHECK.finding(
                "calls-differ", message, show_got(theirs), show_got(ours), ours.index, last_event(ours)
            )


def _value(call: ToolCall) -> tuple[str | None, str]:
    spelled = canonical_json(call.arguments)
    return call.name, call.arguments.strip() if spelled is None else spelled


CHECK = Check(
    id="parity",
    harm={"calls-differ": "wrong-call", "content-differs": "lost-text"},
    symptoms={
        "calls-differ": "Other calls, or the same with other arguments.",
        "content-differs": "Another text.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream",
    judge=_judge,
    semantic=True,
    when_free_form=True,
    requires=_SOUND,
)
