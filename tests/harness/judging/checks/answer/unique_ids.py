"""An id names one thing: no other answer of the run, and no other choice, has the same for its own or a call's."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_identity, chunk_shape


def _judge(context: CheckContext) -> Iterator[Finding]:
    for used in context.used_elsewhere:
        what = f"Call {used.call}" if used.call is not None else "The answer"
        symptom = "call-id" if used.call is not None else "answer-id"
        message = f"{what} has the id of another one of this run, in {used.where}."
        yield CHECK.finding(symptom, message, "an id of its own", used.id, used.call)


CHECK = Check(
    id="unique-ids",
    harm={"call-id": "wrong-call"},
    symptoms={
        "answer-id": "Two answers have the same id.",
        "call-id": "A call has the id of a call in another answer or choice.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/object#chat/object-id",
    judge=_judge,
    requires=(
        chunk_shape.CHECK,
        call_identity.CHECK,
    ),
)
