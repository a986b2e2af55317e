"""Each token of the answer comes with its log probability where they are asked for, and none where they are not."""

from collections.abc import Iterator
from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape, usage
from tests.harness.judging.checks.support.answers import to_json


def _judge(context: CheckContext) -> Iterator[Finding]:
    entries = list(_entries(context))
    if not context.request.get("logprobs"):
        if entries:
            message = "Log probabilities came although the request did not ask for them."
            yield CHECK.finding("unasked", message, "no logprobs", to_json(entries[0]))
        return
    tokens = (context.reply.usage or {}).get("completion_tokens", len(entries))
    if len(entries) != tokens:
        message = f"The answer has {tokens} tokens and {len(entries)} entries of log probabilities."
        symptom = "too-few" if len(entries) < tokens else "too-many"
        yield CHECK.finding(symptom, message, f"{tokens} entries", f"{len(entries)} entries")
    wanted = context.request.get("top_logprobs") or 0
    poor = next((entry for entry in entries if not _is_rich(entry, wanted)), None)
    if poor is not None:
        message = f"An entry lacks its token, its number, or {wanted} alternatives."
        yield CHECK.finding("poor-entry", message, f"token, logprob and {wanted} top_logprobs", to_json(poor))


def _entries(context: CheckContext) -> Iterator[Any]:
    """Yield the entries of all choices, whichever of them is judged: usage counts them all."""
    for event in context.reply.events:
        for choice in (event.json or {}).get("choices") or ():
            yield from (choice.get("logprobs") or {}).get("content") or ()


def _is_rich(entry: Any, alternatives: int) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("token"), str)
        and isinstance(entry.get("logprob"), int | float)
        and len(entry.get("top_logprobs") or ()) >= alternatives
    )


CHECK = Check(
    id="logprobs",
    symptoms={
        "too-few": "Tokens of the answer come without their log probability.",
        "too-many": "More entries than the answer has tokens.",
        "poor-entry": "An entry without token, number, or the alternatives that were asked for.",
        "unasked": "Entries in an answer to a request that asks for none.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-logprobs",
    judge=_judge,
    requires=(
        chunk_shape.CHECK,
        usage.CHECK,
    ),
)
