"""The parts of an answer as the rules ask for them."""

import json
from typing import Any

from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.reply import Choice, ToolCall
from tests.harness.judging.check_context import CheckContext

SHORT = 120
_LIMIT = "LimitError:"
"""How the error of an exchange begins that the suite has ended, not the server."""


def calls_of(context: CheckContext) -> tuple[ToolCall, ...]:
    """The calls of the answer; none if there is no choice."""
    choice = context.reply.choice
    return choice.tool_calls if choice else ()


def text_of(choice: Choice | None) -> str:
    """The answer's text without outer white space; empty if there is none."""
    return (choice.content or "").strip() if choice else ""


def expected_calls(context: CheckContext) -> tuple[ExpectedCall, ...]:
    """The calls that a right answer holds: those of the case in round 1, none after the tools ran."""
    return context.case.calls if context.turn == 1 else ()


def offered_tools(context: CheckContext) -> dict[str, dict[str, Any]]:
    """The parameters' schema of each tool that the request offered, by name."""
    functions = [tool.get("function", {}) for tool in context.request.get("tools") or ()]
    return {function["name"]: function.get("parameters", {}) for function in functions if "name" in function}


def named_tool(request: dict[str, Any]) -> str | None:
    """The one tool that a request's `tool_choice` names; None if it names none."""
    match request.get("tool_choice"):
        case {"function": {"name": str(name)}}:
            return name
    return None


def short(text: str, limit: int = SHORT) -> str:
    """A text that fits a line: its beginning and its end."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    return f"{text[:head]} ... {text[head - limit :]}"


def broken_off(error: str | None, otherwise: str) -> str:
    """A sentence about a transfer that did not come to its end; where the suite itself ended it, it says so."""
    if (error or "").startswith(_LIMIT):
        return "The answer did not end within the suite's limits of time and size, so no more of it was read."
    return otherwise


def first_event(call: ToolCall) -> int | None:
    """Number of the first event that carried a call."""
    return call.events[0] if call.events else None


def last_event(call: ToolCall) -> int | None:
    """Number of the last event that carried a call."""
    return call.events[-1] if call.events else None


def show(call: ExpectedCall) -> str:
    """A call as messages show it: `get_weather {"location": "Tokyo"}`."""
    return f"{call.name} {to_json(call.arguments)}"


def show_got(call: ToolCall) -> str:
    """A call that came, with its arguments as they came."""
    return short(f"{call.name} {call.arguments or '(no arguments)'}")


def to_json(value: Any) -> str:
    """A value as JSON on one line, shortened."""
    return short(json.dumps(value, ensure_ascii=False))
