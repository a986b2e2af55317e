"""The tokens that an answer names are its own: as many as it counts, and they write what was written."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape, stream_end, usage


def _judge(context: CheckContext) -> Iterator[Finding]:
    tokens = context.tokens
    if tokens is None or context.reply.error is not None or context.exchange.error is not None:
        return
    counted = (context.reply.usage or {}).get("completion_tokens")
    if isinstance(counted, int) and (context.request.get("n") or 1) == 1 and counted != tokens.count:
        message = "The answer names another number of tokens than it counts."
        yield CHECK.finding("count", message, f"{counted} tokens", f"{tokens.count} tokens")
    if tokens.text is None:
        message = "The tokens that the answer names write another text than the one that was written."
        yield CHECK.finding("other-text", message, "the tokens of the forced text", "tokens of another text")


CHECK = Check(
    id="token-ids",
    symptoms={
        "count": "As many tokens are named as usage does not count.",
        "other-text": "The named tokens do not write what an echo proves to have been written.",
    },
    source="https://docs.vllm.ai/en/stable/serving/openai_compatible_server/#chat-api",
    judge=_judge,
    requires=(chunk_shape.CHECK, stream_end.CHECK, usage.CHECK),
)
