"""The answer says why it ended: `length` if it was cut, else `tool_calls` if it holds calls, else `stop`."""

from collections.abc import Iterator

from tests.harness.checks.rule import Flaw, Rule
from tests.harness.checks.support.answers import calls_of
from tests.harness.records.subject import Subject


def _judge(subject: Subject) -> Iterator[Flaw]:
    choice = subject.reply.choice
    reasons = choice.finish_reasons if choice else ()
    calls = len(calls_of(subject))
    wanted = _wanted(subject, calls)
    if not reasons:
        yield Flaw("missing", "The answer ended without a finish reason.", wanted, "no finish reason")
        return
    if len(reasons) > 1:
        message = f"The stream says {len(reasons)} times that it is finished."
        yield Flaw("repeated", message, "one finish reason", ", ".join(reasons))
    if reasons[-1] != wanted:
        cut = "was cut at the token limit, " if wanted == "length" else ""
        held = f"{calls} tool call{'s' if calls != 1 else ''}" if calls else "no tool call"
        message = f"The answer {cut}holds {held} and ends with the finish reason {reasons[-1]}."
        yield Flaw("wrong", message, wanted, reasons[-1])


def _wanted(subject: Subject, calls: int) -> str:
    if subject.case.cut is not None:
        return "length"
    return "tool_calls" if calls else "stop"


RULE = Rule(
    id="finish-reason",
    symptoms={
        "missing": "No finish reason came.",
        "repeated": "More than one finish reason came.",
        "wrong": "Not `tool_calls` beside calls, not `stop` without, or not `length` of a cut answer.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/object",
    judge=_judge,
    presupposes=("token-limit", "call-index/missing-index"),
)
