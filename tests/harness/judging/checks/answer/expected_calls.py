"""The calls that the query asks for come, in order, and no others."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import offered_name, token_limit, tool_choice
from tests.harness.judging.checks.support.answers import (
    calls_of,
    expected_calls,
    first_event,
    short,
    show,
    show_got,
    text_of,
)
from tests.harness.judging.checks.support.leaks import leaked_marker, leaked_piece
from tests.harness.judging.checks.support.pairing import Pairing, pair_calls


def _judge(context: CheckContext) -> Iterator[Finding]:
    calls, expected = calls_of(context), expected_calls(context)
    if expected and not calls:
        yield _without_calls(context)
    elif calls and not expected:
        message = "The answer calls tools where text is due."
        got = short("; ".join(map(show_got, calls)))
        yield CHECK.finding(
            "calls-instead-of-text", message, "text and no call", got, event=first_event(calls[0])
        )
    else:
        yield from _compare(pair_calls(calls, expected, context.profile.wording))


def _without_calls(context: CheckContext) -> Finding:
    text = text_of(context.reply.choice)
    wanted = short("; ".join(map(show, expected_calls(context))))
    if not text:
        return CHECK.finding("no-answer", "The answer is empty: neither a call nor text.", wanted, "nothing")
    syntax = context.profile.syntax
    if leaked_piece(text, syntax) or leaked_marker(text, syntax, fences=False):
        return CHECK.finding(
            "calls-as-text", "The calls came as text: the parser did not see them.", wanted, short(text)
        )
    return CHECK.finding(
        "text-instead-of-calls", "The answer is text and calls no tool.", wanted, short(text)
    )


def _compare(pairing: Pairing) -> Iterator[Finding]:
    for pair in pairing.misnamed:
        message = f"Call {pair.call.index} is {pair.call.name}, where {pair.expected.name} is due."
        got = show_got(pair.call)
        yield CHECK.finding(
            "wrong-name", message, show(pair.expected), got, pair.call.index, first_event(pair.call)
        )
    for call in pairing.extra:
        message = f"Call {call.index} ({call.name}) is one too many."
        yield CHECK.finding(
            "extra-call", message, "no further call", show_got(call), call.index, first_event(call)
        )
    for expected in pairing.missing:
        yield CHECK.finding(
            "missing-call", f"A call of {expected.name} is missing.", show(expected), "no such call"
        )
    if not pairing.in_order:
        wanted = ", ".join(
            show(pair.expected) for pair in sorted(pairing.named, key=lambda pair: pair.position)
        )
        got = ", ".join(show_got(pair.call) for pair in pairing.named)
        yield CHECK.finding("wrong-order", "The calls came in another order.", short(wanted), short(got))


CHECK = Check(
    id="expected-calls",
    harm="wrong-call",
    symptoms={
        "missing-call": "Fewer calls than asked for.",
        "extra-call": "An offered tool is called more often than asked for.",
        "wrong-name": "Another offered tool is called.",
        "wrong-order": "The right calls, in another order.",
        "calls-instead-of-text": "Calls where text is due.",
        "calls-as-text": "The calls arrive as text, or pieces of them do.",
        "text-instead-of-calls": "Prose where calls are due.",
        "no-answer": "Neither calls nor text.",
    },
    source="https://docs.vllm.ai/en/stable/features/tool_calling/",
    judge=_judge,
    semantic=True,
    requires=(
        token_limit.CHECK,
        offered_name.CHECK,
        tool_choice.CHECK,
    ),
)
