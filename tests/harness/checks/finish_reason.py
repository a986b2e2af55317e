"""The answer says why it ended: `tool_calls` if and only if it holds calls, else `stop`."""

from collections.abc import Iterator

from tests.harness.checks.rule import Flaw, Rule
from tests.harness.checks.support.answers import calls_of
from tests.harness.records.subject import Subject


def _judge(subject: Subject) -> Iterator[Flaw]:
    choice = subject.reply.choice
    reasons = choice.finish_reasons if choice else ()
    calls = len(calls_of(subject))
    wanted = "tool_calls" if calls else "stop"
    if not reasons:
        yield Flaw("missing", "The answer ended without a finish reason.", wanted, "no finish reason")
        return
    if len(reasons) > 1:
        message = f"The stream says {len(reasons)} times that it is finished."
        yield Flaw("repeated", message, "one finish reason", ", ".join(reasons))
    if reasons[-1] != wanted:
        held = f"{calls} tool call{'s' if calls != 1 else ''}" if calls else "no tool call"
        message = f"The answer holds {held} and ends with the finish reason {reasons[-1]}."
        yield Flaw("wrong", message, wanted, reasons[-1])


RULE = Rule(
    id="finish-reason",
    symptoms={
        "missing": "No finish reason came.",
        "repeated": "More than one finish reason came.",
        "wrong": "Not `tool_calls` beside calls, or not `stop` without.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/object",
    judge=_judge,
    presupposes=("token-limit", "call-index/missing-index"),
)
