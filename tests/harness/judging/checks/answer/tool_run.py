"""A user's program can run the calls.

The one semantic check that requires nothing: it is asked of answers whose calls were run, and there it must say why
the round after the tools cannot begin, whatever other checks find about the cause.
"""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.tool_run import ToolRun
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.support.answers import calls_of, expected_calls, last_event, show_got
from tests.harness.judging.checks.support.json_text import parse_object


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.tool_runs is None:
        return
    if expected_calls(context) and not context.tool_runs:
        yield CHECK.finding(
            "nothing-to-run",
            "The program has no call to run, and the user's question needs one.",
            "a call",
            "none",
        )
    for run in context.tool_runs:
        if run.result is None:
            yield _flaw(context, run)


def _flaw(context: CheckContext, run: ToolRun) -> Finding:
    call = calls_of(context)[run.index]
    symptom = "refused" if parse_object(call.arguments) is not None else "unreadable-arguments"
    message = f"The program cannot run call {call.index} ({run.name}): {run.error}."
    return CHECK.finding(
        symptom, message, "a call that can be run", show_got(call), call.index, last_event(call)
    )


CHECK = Check(
    id="tool-run",
    harm="wrong-call",
    symptoms={
        "nothing-to-run": "No call came although the question needs one.",
        "unreadable-arguments": "The arguments are no JSON object, so the program cannot begin.",
        "refused": "The tool does not exist or does not take these arguments.",
    },
    source="https://platform.openai.com/docs/guides/function-calling#handling-function-calls",
    judge=_judge,
    semantic=True,
)
