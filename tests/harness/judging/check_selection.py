"""What an answer is judged by: all checks or those of its form, and of several right answers the closest one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Literal

from tests.harness.core.records.case import Case
from tests.harness.core.records.exchange import Exchange, SdkView
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import Choice
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import parity
from tests.harness.judging.checks.support.answers import calls_of, expected_calls
from tests.harness.judging.checks.support.limits import is_cut
from tests.harness.judging.checks.support.pairing import pair_calls
from tests.harness.judging.registry import answer_checks, judge_by

_REFUSED = range(400, 500)
_Says = Literal["all", "free form", "part"]
"""What an answer says of what its case wants: all of it, in the model's own words, or a part, as a limit cuts it."""


def judge_what_can_be(context: CheckContext) -> tuple[Finding, ...]:
    """Return all findings about an answer; each of several choices is judged as an answer of its own."""
    findings: dict[Finding, None] = dict.fromkeys(_judge(context))
    if is_allowed_refusal(context.case, context.exchange):
        return tuple(findings)
    for choice in context.reply.choices:
        if choice.index != 0:
            others = [one for one in _judge(_alone(context, choice)) if one not in findings]
            findings |= dict.fromkeys(_of_choice(choice.index, others))
    return tuple(findings)


def _judge(context: CheckContext) -> tuple[Finding, ...]:
    """Return the findings about an answer; where several are right, those by the one that it comes closest to."""
    if not context.case.readings:
        return _findings(context)
    settled = [replace(context, case=case) for case in context.case.settled()]
    apart = list(map(_calls_apart, settled))
    least = min(apart)
    closest = (one for one, calls in zip(settled, apart, strict=True) if calls == least)
    return min(map(_findings, closest), key=_faults)


def _calls_apart(context: CheckContext) -> int:
    """Return how many calls only one of answer and right answer holds.

    They count first: a damaged call is no text that has become a call.
    """
    pairing = pair_calls(calls_of(context), expected_calls(context), context.profile.wording)
    return 2 * len(pairing.misnamed) + len(pairing.extra) + len(pairing.missing)


def _faults(findings: Iterable[Finding]) -> int:
    """Return how many findings tell one right answer from another: whether the modes agree does not."""
    return sum(finding.check != parity.CHECK.id for finding in findings)


def _findings(context: CheckContext) -> tuple[Finding, ...]:
    case = context.case
    if is_allowed_refusal(case, context.exchange):
        return judge_by(_of_refusals(), context)
    if case.free_form is not None:
        says: _Says = "part" if is_cut(context) else "free form"
    else:
        says = "part" if case.ends_early else "all"
    return judge_by(_applicable(says, elsewhere=bool(context.address)), context)


@cache
def _of_refusals() -> tuple[Check, ...]:
    return tuple(check for check in answer_checks() if check.of_refusals)


@cache
def _applicable(says: _Says, *, elsewhere: bool) -> tuple[Check, ...]:
    """Return the checks of an answer; `elsewhere`: it came from another address than the chat address."""
    asked = {"all": True, "part": False}

    def applies(check: Check) -> bool:
        if check.semantic:
            return asked.get(says, check.when_free_form)
        return check.at_any_address or not elsewhere

    return tuple(filter(applies, answer_checks()))


def is_allowed_refusal(case: Case, exchange: Exchange) -> bool:
    """Return whether a request was refused that its case lets a server refuse."""
    return case.request_options.may_refuse and exchange.status in _REFUSED


def _alone(context: CheckContext, choice: Choice) -> CheckContext:
    """Return the answer as if a choice were its only one."""
    chunks = tuple(
        {**chunk, "choices": [{**entry, "index": 0} for entry in _entries_of(chunk, choice.index)]}
        for chunk in context.sdk.chunks
    )
    reply = replace(context.reply, choices=(replace(choice, index=0),))
    return replace(context, reply=reply, sdk=SdkView(chunks, context.sdk.error))


def _entries_of(chunk: Mapping[str, Any], index: int) -> Iterator[dict[str, Any]]:
    """Yield the entries of one choice; what is none is told by the check of the chunks' shape."""
    entries = chunk.get("choices")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("index") == index:
            yield entry


def _of_choice(index: int, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (replace(finding, message=f"Choice {index}: {finding.message}") for finding in findings)
