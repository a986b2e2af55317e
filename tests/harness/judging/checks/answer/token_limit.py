"""The answer is complete: not cut at the request's token limit."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape


def _judge(context: CheckContext) -> Iterator[Finding]:
    choice = context.reply.choice
    if choice is not None and "length" in choice.finish_reasons:
        limit = context.request.get("max_completion_tokens") or context.request.get("max_tokens")
        message = "The answer ran into the token limit: the model did not stop, so what came is not all."
        yield CHECK.finding(
            "reached", message, "an answer that ends by itself", f"length, at {limit or 'the limit'}"
        )


CHECK = Check(
    id="token-limit",
    harm="lost-text",
    symptoms={"reached": "The finish reason is `length`."},
    source="https://platform.openai.com/docs/api-reference/chat/object",
    judge=_judge,
    semantic=True,
    requires=(chunk_shape.CHECK,),
)
