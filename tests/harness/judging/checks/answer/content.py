"""The answer's text is what it should be: whole, alone, and free of call syntax."""

from collections.abc import Iterator
from itertools import takewhile

from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import expected_calls as expected_calls_check
from tests.harness.judging.checks.answer import token_limit
from tests.harness.judging.checks.support.answers import calls_of, expected_calls, short, text_of
from tests.harness.judging.checks.support.leaks import leaked_call, leaked_marker, leaked_piece


def _judge(context: CheckContext) -> Iterator[Finding]:
    text, wanted, due = text_of(context.reply.choice), _wanted(context), _is_due(context)
    if not text:
        if due and (expected_calls(context) or not calls_of(context)):
            yield CHECK.finding(
                "lost", "The text of the answer did not arrive.", short(wanted or "text"), "no text"
            )
        return
    leak = _leak(text, wanted, context.profile.syntax, fences=not due)
    if leak is not None:
        yield leak
    elif not due:
        yield CHECK.finding("unexpected-text", "Text came beside the calls.", "no text", short(text))
    elif wanted and text != wanted:
        yield _other(text, wanted)


def _is_due(context: CheckContext) -> bool:
    """Return whether there has to be text: the case's own, or any where no call is due and none was forced."""
    if context.case.content is not None:
        return True
    return not expected_calls(context) and (context.turn > 1 or context.case.text is None)


def _wanted(context: CheckContext) -> str:
    """Return the exact text, where one can be asked for; else empty."""
    exact = context.turn == 1 and (context.profile.stable or context.case.text is not None)
    return (context.case.content or "").strip() if exact else ""


def _leak(text: str, wanted: str, syntax: CallSyntax, *, fences: bool) -> Finding | None:
    """Return a finding of a leak, unless the wanted text holds it too; prose may hold fences and bits of JSON."""
    marker = leaked_marker(text, syntax, wanted, fences=fences)
    if marker is not None:
        message = f"A marker of the call syntax, {marker}, shows up in the text."
        return CHECK.finding("marker-leak", message, short(wanted) or "no marker", short(text))
    if leaked_piece(text, syntax, wanted) if wanted or fences else leaked_call(text, syntax):
        return CHECK.finding(
            "json-leak", "A piece of a call shows up in the text.", short(wanted) or "no call", short(text)
        )
    return None


def _other(text: str, wanted: str) -> Finding:
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, wanted, strict=False)))
    if len(text) < len(wanted) and wanted.endswith(text[head:]):
        return CHECK.finding("part-lost", "A part of the text did not arrive.", short(wanted), short(text))
    return CHECK.finding("other-text", "The text is another one.", short(wanted), short(text))


CHECK = Check(
    id="content",
    harm={"lost": "lost-text", "part-lost": "lost-text", "other-text": "lost-text"},
    symptoms={
        "unexpected-text": "Text beside calls.",
        "marker-leak": "A marker of the call syntax, or the beginning of one, in the text.",
        "json-leak": "A piece of a call, JSON or what else its syntax has, in the text.",
        "lost": "No text where text is due.",
        "part-lost": "The text has a hole or lacks its beginning or end.",
        "other-text": "Not the text that this model always answers.",
    },
    source="https://docs.vllm.ai/en/stable/features/tool_calling/",
    judge=_judge,
    semantic=True,
    requires=(
        token_limit.CHECK,
        expected_calls_check.CHECK["calls-instead-of-text"],
        expected_calls_check.CHECK["calls-as-text"],
        expected_calls_check.CHECK["text-instead-of-calls"],
        expected_calls_check.CHECK["no-answer"],
    ),
)
