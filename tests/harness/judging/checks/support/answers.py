"""The parts of an answer as the checks ask for them."""

import json
from typing import Any

from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.reply import Choice, ToolCall
from tests.harness.judging.check_context import CheckContext

SHORT = 120
SHORT_ERROR = 400
"""Of an error: its message says what is wrong, and that several answers hold the same one."""
_LIMIT = "LimitError:"
"""How the error of an exchange begins that the suite has ended, not the server."""


def calls_of(context: CheckContext) -> tuple[ToolCall, ...]:
    """Return the calls of the answer; none if there is no choice."""
    choice = context.reply.choice
    return choice.tool_calls if choice else ()


def text_of(choice: Choice | None) -> str:
    """Return the answer's text without outer white space; empty if there is none."""
    return (choice.content or "").strip() if choice else ""


def expected_calls(context: CheckContext) -> tuple[ExpectedCall, ...]:
    """Return the calls that a right answer holds: those of the case in round 1, none after the tools ran."""
    return context.case.calls if context.turn == 1 else ()


def offered_tools(context: CheckContext) -> dict[str, dict[str, Any]]:
    """Return the parameters' schema of each tool that the request offered, by name."""
    functions = [tool.get("function", {}) for tool in context.request.get("tools") or ()]
    return {function["name"]: function.get("parameters", {}) for function in functions if "name" in function}


def named_tool(request: dict[str, Any]) -> str | None:
    """Return the one tool that a request's `tool_choice` names; None if it names none."""
    match request.get("tool_choice"):
        case {"function": {"name": str(name)}}:
            return name
    return None


def short(text: str, limit: int = SHORT) -> str:
    """Return a text that fits a line: its beginning and its end."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    return f"{text[:head]} ... {text[head - limit :]}"


def broken_off(error: str | None, otherwise: str) -> str:
    """Return a sentence about a transfer that did not come to its end; where the suite itself ended it, it says so."""
    if (error or "").startswith(_LIMIT):
        return "The answer did not end within the suite's limits of time and size, so no more of it was read."
    return otherwise


def first_event(call: ToolCall) -> int | None:
    """Return the number of the first event that carried a call."""
    return call.events[0] if call.events else None


def last_event(call: ToolCall) -> int | None:
    """Return the number of the last event that carried a call."""
    return call.events[-1] if call.events else None


def show(call: ExpectedCall) -> str:
    """Return a call as messages show it: `get_weather {"location": "Tokyo"}`."""
    return f"{call.name} {to_json(call.arguments) if call.verbatim is None else short(call.verbatim)}"


def show_got(call: ToolCall) -> str:
    """Return a call of the answer, with its arguments as they are."""
    return short(f"{call.name} {call.arguments or '(no arguments)'}")


def to_json(value: Any, limit: int = SHORT) -> str:
    """Return a value as JSON on one line, shortened."""
    return short(json.dumps(value, ensure_ascii=False), limit)
