"""The answer after the tools ran uses what they returned."""

from collections.abc import Iterator

from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.checks.support.answers import short, text_of
from tests.harness.judging.rule import Flaw, Rule


def _judge(context: CheckContext) -> Iterator[Flaw]:
    if context.turn == 1 or context.case.follow_up is None:
        return
    text = text_of(context.reply.choice)
    facts = context.case.follow_up.mentions
    missing = [fact for fact in facts if fact.lower() not in text.lower()]
    if missing:
        message = f"The answer does not mention {', '.join(missing)}, which the tools returned."
        yield Flaw("missing-fact", message, ", ".join(facts), short(text))


RULE = Rule(
    id="mentions",
    symptoms={"missing-fact": "A word that the tools returned is not in the answer."},
    source="https://platform.openai.com/docs/guides/function-calling#incorporating-results-into-response",
    judge=_judge,
    meaning=True,
    presupposes=("content", "expected-calls"),
)
