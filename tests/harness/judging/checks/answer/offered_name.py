"""Only tools that were offered are called, unless a right answer passes on a call of another one."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_identity, call_index
from tests.harness.judging.checks.support.answers import (
    calls_of,
    expected_calls,
    first_event,
    offered_tools,
)

_MEANINGS = {
    "cut-name": "has the beginning of an offered tool's name",
    "decorated-name": "has an offered tool's name with more around it",
    "invented-call": "names a tool that was not offered",
}


def _judge(context: CheckContext) -> Iterator[Finding]:
    offered = list(offered_tools(context))
    passed_on = {expected.name for expected in expected_calls(context)}
    for call in calls_of(context):
        if call.name and call.name not in passed_on.union(offered):
            symptom = _symptom(call.name, offered)
            message = f"Call {call.index} {_MEANINGS[symptom]}: {call.name!r}."
            wanted = f"one of {', '.join(offered)}" if offered else "no call: no tool was offered"
            yield CHECK.finding(symptom, message, wanted, call.name, call.index, first_event(call))


def _symptom(name: str, offered: list[str]) -> str:
    if any(tool.startswith(name) for tool in offered):
        return "cut-name"
    if any(tool in name for tool in offered):
        return "decorated-name"
    return "invented-call"


CHECK = Check(
    id="offered-name",
    harm="wrong-call",
    symptoms={
        "invented-call": "The name is nothing like that of an offered tool.",
        "cut-name": "The name is the beginning of an offered one.",
        "decorated-name": "The name holds an offered one and more.",
    },
    source="https://docs.vllm.ai/en/stable/features/tool_calling/",
    judge=_judge,
    semantic=True,
    when_free_form=True,
    requires=(
        call_identity.CHECK["no-name"],
        call_identity.CHECK["name-repeated"],
        call_index.CHECK["missing-index"],
    ),
)
