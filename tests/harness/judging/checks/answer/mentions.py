"""The answer after the tools ran uses what they returned."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import content, expected_calls
from tests.harness.judging.checks.support.answers import short, text_of


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.turn == 1 or context.case.follow_up is None:
        return
    text = text_of(context.reply.choice)
    facts = context.case.follow_up.mentions
    missing = [fact for fact in facts if fact.lower() not in text.lower()]
    if missing:
        message = f"The answer does not mention {', '.join(missing)}, which the tools returned."
        yield CHECK.finding("missing-fact", message, ", ".join(facts), short(text))


CHECK = Check(
    id="mentions",
    harm="lost-text",
    symptoms={"missing-fact": "A word that the tools returned is not in the answer."},
    source="https://platform.openai.com/docs/guides/function-calling#incorporating-results-into-response",
    judge=_judge,
    semantic=True,
    when_free_form=True,
    requires=(
        content.CHECK,
        expected_calls.CHECK,
    ),
)
