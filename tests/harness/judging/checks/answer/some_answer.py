"""Where the model is free in what it says, it says something: text or a call."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_index, token_limit, tool_choice
from tests.harness.judging.checks.support.answers import calls_of, text_of


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.case.free_form is not None and not calls_of(context) and not text_of(context.reply.choice):
        message = "The answer is empty: the model may say what it likes, and nothing arrived."
        yield CHECK.finding("nothing", message, "text or a call", "neither")


CHECK = Check(
    id="some-answer",
    harm="lost-text",
    symptoms={"nothing": "Neither text nor a call where the model may say what it likes."},
    source="https://platform.openai.com/docs/api-reference/chat/object",
    judge=_judge,
    semantic=True,
    when_free_form=True,
    requires=(
        token_limit.CHECK,
        tool_choice.CHECK,
        call_index.CHECK["missing-index"],
    ),
)
