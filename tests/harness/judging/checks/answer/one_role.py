"""The answer says once that it is the assistant's."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape


def _judge(context: CheckContext) -> Iterator[Finding]:
    choice = context.reply.choice
    roles = choice.roles if choice else ()
    if not roles:
        yield CHECK.finding("missing", "The answer does not say its role.", "assistant", "no role")
    elif set(roles) != {"assistant"}:
        yield CHECK.finding(
            "wrong", "The answer has another role than the assistant's.", "assistant", ", ".join(roles)
        )
    elif len(roles) > 1:
        message = f"The stream says its role {len(roles)} times; joined, it is a role nobody knows."
        yield CHECK.finding("repeated", message, "assistant, once", ", ".join(roles[:3]))


CHECK = Check(
    id="one-role",
    symptoms={
        "missing": "No role came.",
        "repeated": "The role came more than once.",
        "wrong": "A role other than assistant.",
    },
    source="https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    judge=_judge,
    requires=(chunk_shape.CHECK,),
)
