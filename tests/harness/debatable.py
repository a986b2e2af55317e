"""What can be said of an answer: all, or where nobody can say what is right, its form and that both modes agree."""

from collections.abc import Iterator
from dataclasses import replace

from tests.harness.checks.registry import judge_all, judge_form, judge_only
from tests.harness.checks.support.limits import is_cut
from tests.harness.records.exchange import SdkView
from tests.harness.records.finding import Finding
from tests.harness.records.reply import Choice
from tests.harness.records.subject import Subject

_REFUSED = range(400, 500)
_OPEN = ("parity", "offered-name", "arguments-json", "arguments-schema", "mentions")
"""What holds of an answer whose model was free in what it said."""


def judge_what_can_be(subject: Subject) -> tuple[Finding, ...]:
    """All findings about an answer; each of several choices is judged as an answer of its own."""
    if subject.case.terms.may_refuse and subject.exchange.status in _REFUSED:
        return judge_only(subject, "refusal")
    found: dict[Finding, None] = dict.fromkeys(_judge(subject))
    for choice in subject.reply.choices:
        if choice.index != 0:
            others = (finding for finding in _judge(_alone(subject, choice)) if finding not in found)
            found |= dict.fromkeys(_of_choice(choice.index, others))
    return tuple(found)


def _judge(subject: Subject) -> tuple[Finding, ...]:
    if subject.case.open is not None:
        return judge_form(subject, *(() if is_cut(subject) else _OPEN))
    if subject.case.ends_early:
        return judge_form(subject)
    if subject.case.debatable is not None:
        return judge_form(subject, "parity")
    return judge_all(subject)


def _alone(subject: Subject, choice: Choice) -> Subject:
    """The answer as if a choice were its only one."""
    chunks = tuple(
        {
            **chunk,
            "choices": [entry for entry in chunk.get("choices") or [] if entry.get("index") == choice.index],
        }
        for chunk in subject.sdk.chunks
    )
    first = replace(choice, index=0)
    chunks = tuple(
        {**chunk, "choices": [{**entry, "index": 0} for entry in chunk["choices"]]} for chunk in chunks
    )
    reply = replace(subject.reply, choices=(first,))
    return replace(subject, reply=reply, sdk=SdkView(chunks, subject.sdk.error))


def _of_choice(index: int, findings: Iterator[Finding]) -> Iterator[Finding]:
    return (replace(found, message=f"Choice {index}: {found.message}") for found in findings)
