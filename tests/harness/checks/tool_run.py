"""A user's program can run the calls.

The one rule that presupposes nothing: it is asked of answers whose calls were run, and there it must say why
the round after the tools cannot begin, whatever other rules know about the cause.
"""

from collections.abc import Iterator

from tests.harness.checks.rule import Flaw, Rule
from tests.harness.checks.support.answers import calls_of, expected_calls, last_event, show_got
from tests.harness.checks.support.json_text import parse_object
from tests.harness.records.subject import Subject, ToolRun


def _judge(subject: Subject) -> Iterator[Flaw]:
    if subject.tool_runs is None:
        return
    if expected_calls(subject) and not subject.tool_runs:
        yield Flaw(
            "nothing-to-run",
            "The program has no call to run, and the user's question needs one.",
            "a call",
            "none",
        )
    for run in subject.tool_runs:
        if run.result is None:
            yield _flaw(subject, run)


def _flaw(subject: Subject, run: ToolRun) -> Flaw:
    call = calls_of(subject)[run.index]
    symptom = "refused" if parse_object(call.arguments) is not None else "unreadable-arguments"
    message = f"The program cannot run call {call.index} ({run.name}): {run.error}."
    return Flaw(symptom, message, "a call that can be run", show_got(call), call.index, last_event(call))


RULE = Rule(
    id="tool-run",
    symptoms={
        "nothing-to-run": "No call came although the question needs one.",
        "unreadable-arguments": "The arguments are no JSON object, so the program cannot begin.",
        "refused": "The tool does not exist or does not take these arguments.",
    },
    source="https://platform.openai.com/docs/guides/function-calling#handling-function-calls",
    judge=_judge,
    meaning=True,
)
