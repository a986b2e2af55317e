"""The bodies that are sent: a query, and the round after its tools ran."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.reply import ToolCall
from tests.harness.core.records.tool_run import ToolRun

History = Literal["one-message", "message-a-call"]
HISTORIES: tuple[History, ...] = ("one-message", "message-a-call")
"""All calls in one assistant message, or one assistant message a call as vLLM's xLAM example sends them."""
LONGEST_ANSWER = 512
"""Tokens; enough for every natural answer of the scenarios."""


def query_body(case: Case, mode: Mode, model: str) -> dict[str, Any]:
    """Return the first round: the user's question with the tools on offer."""
    body = _body(list(case.messages), mode, model)
    if case.tools:
        body |= {"tools": list(case.tools), "tool_choice": "auto"}
    return with_terms(body, case)


def with_terms(body: dict[str, Any], case: Case) -> dict[str, Any]:
    """Return the body with what the case asks for beside its question."""
    changed = {**body, **case.request_options.request}
    return {name: value for name, value in changed.items() if name not in case.request_options.omit}


def follow_up_body(
    case: Case, calls: Sequence[ToolCall], runs: Sequence[ToolRun], history: History, mode: Mode, model: str
) -> dict[str, Any]:
    """Return the second round: calls and results as history, and, like the example, no tools on offer."""
    asked = [
        {
            "id": call.id or f"call_{number}",
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for number, call in enumerate(calls)
    ]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": run.result}
        for call, run in zip(asked, runs, strict=True)
    ]
    turns: list[dict[str, Any]] = [{"role": "assistant", "content": None, "tool_calls": asked}, *results]
    if history == "message-a-call":
        pairs = zip(asked, results, strict=True)
        turns = [
            turn for call, result in pairs for turn in ({"role": "assistant", "tool_calls": [call]}, result)
        ]
    return _body([*case.messages, *turns], mode, model)


def expected_calls(case: Case) -> tuple[ToolCall, ...]:
    """Return the calls of a right first round, as a history holds them."""
    return tuple(
        ToolCall(
            number, f"call_{number}", "function", call.name, json.dumps(call.arguments, ensure_ascii=False)
        )
        for number, call in enumerate(case.calls)
    )


def _body(messages: list[dict[str, Any]], mode: Mode, model: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "temperature": 0,
        "seed": 0,
        "max_tokens": LONGEST_ANSWER,
        "stream": mode == "stream",
    }
    if mode == "stream":
        body["stream_options"] = {"include_usage": True}
    return body
