"""The answer after the tools ran uses what they returned."""

from collections.abc import Iterator

from tests.harness.checks.rule import Flaw, Rule
from tests.harness.checks.support.answers import short, text_of
from tests.harness.records.subject import Subject


def _judge(subject: Subject) -> Iterator[Flaw]:
    if subject.round == 1 or subject.case.follow_up is None:
        return
    text = text_of(subject.reply.choice)
    facts = subject.case.follow_up.mentions
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
