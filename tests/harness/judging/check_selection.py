"""Which checks an answer is judged by: all, or where nobody can say what is right, those of its form and of parity."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.harness.core.records.exchange import SdkView
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import Choice
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.support.limits import is_cut
from tests.harness.judging.registry import answer_checks, judge_by

_REFUSED = range(400, 500)


def judge_what_can_be(context: CheckContext) -> tuple[Finding, ...]:
    """Return all findings about an answer; each of several choices is judged as an answer of its own."""
    findings: dict[Finding, None] = dict.fromkeys(_judge(context))
    if _is_allowed_refusal(context):
        return tuple(findings)
    for choice in context.reply.choices:
        if choice.index != 0:
            others = [one for one in _judge(_alone(context, choice)) if one not in findings]
            findings |= dict.fromkeys(_of_choice(choice.index, others))
    return tuple(findings)


def _judge(context: CheckContext) -> tuple[Finding, ...]:
    return judge_by([check for check in answer_checks() if _applies(check, context)], context)


def _applies(check: Check, context: CheckContext) -> bool:
    """Return whether a check is asked of an answer to this case."""
    case = context.case
    if _is_allowed_refusal(context):
        return check.of_refusals
    if not check.semantic:
        return True
    if case.free_form is not None:
        return check.when_free_form and not is_cut(context)
    if case.ends_early:
        return False
    return check.when_ambiguous if case.ambiguous is not None else True


def _is_allowed_refusal(context: CheckContext) -> bool:
    return context.case.request_options.may_refuse and context.exchange.status in _REFUSED


def _alone(context: CheckContext, choice: Choice) -> CheckContext:
    """Return the answer as if a choice were its only one."""
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


def _of_choice(index: int, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (replace(finding, message=f"Choice {index}: {finding.message}") for finding in findings)
