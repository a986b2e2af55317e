"""What can be said of an answer: all, or where nobody can say what is right, its form and that both modes agree."""

from collections.abc import Iterator
from dataclasses import replace

from tests.harness.core.records.exchange import SdkView
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import Choice
from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.checks.support.limits import is_cut
from tests.harness.judging.registry import judge_all, judge_form, judge_only

_REFUSED = range(400, 500)
_OPEN = ("parity", "offered-name", "arguments-json", "arguments-schema", "mentions")
"""What holds of an answer whose model was free in what it said."""


def judge_what_can_be(context: CheckContext) -> tuple[Finding, ...]:
    """All findings about an answer; each of several choices is judged as an answer of its own."""
    if context.case.request_options.may_refuse and context.exchange.status in _REFUSED:
        return judge_only(context, "refusal")
    found: dict[Finding, None] = dict.fromkeys(_judge(context))
    for choice in context.reply.choices:
        if choice.index != 0:
            others = (finding for finding in _judge(_alone(context, choice)) if finding not in found)
            found |= dict.fromkeys(_of_choice(choice.index, others))
    return tuple(found)


def _judge(context: CheckContext) -> tuple[Finding, ...]:
    if context.case.free_form is not None:
        return judge_form(context, *(() if is_cut(context) else _OPEN))
    if context.case.ends_early:
        return judge_form(context)
    if context.case.ambiguous is not None:
        return judge_form(context, "parity")
    return judge_all(context)


def _alone(context: CheckContext, choice: Choice) -> CheckContext:
    """The answer as if a choice were its only one."""
    chunks = tuple(
        {
            **chunk,
            "choices": [entry for entry in chunk.get("choices") or [] if entry.get("index") == choice.index],
        }
        for chunk in context.sdk.chunks
    )
    first = replace(choice, index=0)
    chunks = tuple(
        {**chunk, "choices": [{**entry, "index": 0} for entry in chunk["choices"]]} for chunk in chunks
    )
    reply = replace(context.reply, choices=(first,))
    return replace(context, reply=reply, sdk=SdkView(chunks, context.sdk.error))


def _of_choice(index: int, findings: Iterator[Finding]) -> Iterator[Finding]:
    return (replace(found, message=f"Choice {index}: {found.message}") for found in findings)
