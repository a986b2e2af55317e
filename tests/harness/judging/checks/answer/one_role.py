"""The answer says once that it is the assistant's."""

from collections.abc import Iterator

from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.rule import Flaw, Rule


def _judge(context: CheckContext) -> Iterator[Flaw]:
    choice = context.reply.choice
    roles = choice.roles if choice else ()
    if not roles:
        yield Flaw("missing", "The answer does not say its role.", "assistant", "no role")
    elif set(roles) != {"assistant"}:
        yield Flaw(
            "wrong", "The answer has another role than the assistant's.", "assistant", ", ".join(roles)
        )
    elif len(roles) > 1:
        message = f"The stream says its role {len(roles)} times; joined, it is a role nobody knows."
        yield Flaw("repeated", message, "assistant, once", ", ".join(roles[:3]))


RULE = Rule(
    id="one-role",
    symptoms={
        "missing": "No role came.",
        "repeated": "The role came more than once.",
        "wrong": "A role other than assistant.",
    },
    source="https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    judge=_judge,
    presupposes=("chunk-shape",),
)
