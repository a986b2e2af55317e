"""`/v1/messages` by the official anthropic client: what is asked, and what the answer says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx2

from tests.harness.cases.forcing_by_script import marked
from tests.harness.cases.requests import LONGEST_ANSWER
from tests.harness.core.records.case import Case
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.reply import ToolCall
from tests.harness.recording.client import NO_KEY
from tests.harness.suites.clients.endpoint import UnknownTerm

PATH = "/v1/messages"
Blocks = Sequence[dict[str, Any]]
_ENDINGS = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls"}
_CHOICES = {"auto": "auto", "none": "none", "any": "required", "tool": "required"}
"""Of this API -> of the chat address. A tool that is named is a call like any here: the answer ends for it."""


def query(case: Case, model: str, *, stream: bool) -> dict[str, Any]:
    """Return the question, in the words of this API."""
    tools = [
        {
            "name": tool["function"]["name"],
            "description": tool["function"].get("description", ""),
            "input_schema": tool["function"].get("parameters") or {"type": "object", "properties": {}},
        }
        for tool in case.tools
    ]
    body: dict[str, Any] = {
        "model": model,
        "messages": [dict(message) for message in case.messages],
        "temperature": 0,
        "max_tokens": LONGEST_ANSWER,
        "stream": stream,
    }
    return body | ({"tools": tools} if tools else {})


def terms(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return in the words of this API what a request to the chat address asks for. Raises UnknownTerm."""
    said: dict[str, Any] = {}
    for name, value in request.items():
        match name, value:
            case "tool_choice", _:
                said["tool_choice"] = _choice(value)
            case "max_tokens" | "max_completion_tokens", int():
                said["max_tokens"] = value
            case "stop", str() | list():
                said["stop_sequences"] = [value] if isinstance(value, str) else value
            case "parallel_tool_calls", bool():
                pass  # a part of the choice, which may be named behind it
            case _:
                raise UnknownTerm(name)
    if "parallel_tool_calls" in request:
        choice = said.get("tool_choice", {"type": "auto"})
        said["tool_choice"] = {**choice, "disable_parallel_tool_use": not request["parallel_tool_calls"]}
    return said


def _choice(wanted: Any) -> dict[str, Any]:
    match wanted:
        case {"function": {"name": str(tool)}}:
            return {"type": "tool", "name": tool}
        case "auto" | "none":
            return {"type": wanted}
        case "required":
            return {"type": "any"}
    raise UnknownTerm("tool_choice")


def in_chat_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return in the words of the chat address what the checks want to know of a request to this one."""
    choice = body.get("tool_choice") or {"type": "auto"}
    forbids = choice.get("disable_parallel_tool_use") is True
    return {
        "tool_choice": _CHOICES.get(str(choice.get("type")), "auto"),
        "max_tokens": body.get("max_tokens"),
        **({"parallel_tool_calls": False} if forbids else {}),
    }


def scripted(body: dict[str, Any], script: dict[str, Any]) -> dict[str, Any]:
    """Return a request with what the scripted engine is to say: behind the last question."""
    *before, last = body["messages"]
    content = last["content"]
    if isinstance(content, str):
        told: Any = marked(content, script)
    else:
        told = [*content, {"type": "text", "text": marked("", script)}]
    return {**body, "messages": [*before, {**last, "content": told}]}


def forcing_skip_reason(version: str, *, scripted: bool) -> str:  # noqa: ARG001 - as the other address has it
    """Return why no text can be forced here; empty if one can."""
    return (
        ""
        if scripted
        else f"at {PATH} a text is forced by a script alone: no grammar reaches the model there"
    )


def forced(case: Case, chat_body: dict[str, Any]) -> dict[str, Any]:
    """Return the question whose answer is forced as that to the chat address is: its script goes with the question."""
    body = query(case, chat_body["model"], stream=chat_body["stream"])
    return {**scripted(body, chat_body["vllm_xargs"]), "max_tokens": chat_body["max_tokens"]}


def turn_of(calls: Sequence[ToolCall]) -> Blocks:
    """Return an answer that holds these calls, as a program keeps it for the next round."""
    return [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": json.loads(call.arguments)}
        for call in calls
    ]


def calls_in(turn: Blocks) -> tuple[ToolCall, ...]:
    """Return the calls that a turn holds."""
    used = [block for block in turn if block["type"] == "tool_use"]
    return tuple(
        ToolCall(
            number, block["id"], "function", block["name"], json.dumps(block["input"], ensure_ascii=False)
        )
        for number, block in enumerate(used)
    )


def follow_up(
    case: Case, model: str, turn: Blocks, results: Sequence[str], *, stream: bool
) -> dict[str, Any]:
    """Return the round after the tools ran; like the chat scenarios, it has no tools on offer."""
    body = query(case, model, stream=stream)
    body.pop("tools", None)
    outputs = [
        {"type": "tool_result", "tool_use_id": call.id, "content": result}
        for call, result in zip(calls_in(turn), results, strict=True)
    ]
    body["messages"] += [{"role": "assistant", "content": [*turn]}, {"role": "user", "content": outputs}]
    return body


def send(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> ClientResult:
    """Ask by the official client; return what it makes of the answer."""
    # Not at the top: it takes half a second, and most sessions that load this module never ask.
    import anthropic  # noqa: PLC0415

    with anthropic.Anthropic(
        base_url=deployment.base_url,
        auth_token=deployment.api_key or NO_KEY,
        max_retries=0,
        timeout=None,
        http_client=httpx2.Client(transport=transport, trust_env=False, timeout=None),
    ) as client:
        # Beyond what it demands the client is not asked what it knows: it has no temperature, and the API has.
        words = {name: body[name] for name in ("model", "messages", "max_tokens")}
        extra = {name: value for name, value in body.items() if name not in {*words, "stream"}}
        if not body["stream"]:
            return result_of(client.messages.create(**words, extra_body=extra).to_dict())
        with client.messages.stream(**words, extra_body=extra) as stream:
            return result_of(stream.get_final_message().to_dict())


def result_of(message: dict[str, Any]) -> ClientResult:
    """Return what a message object says."""
    blocks = message.get("content") or []
    calls = tuple(
        (block["name"], json.dumps(block["input"], ensure_ascii=False))
        for block in blocks
        if block["type"] == "tool_use"
    )
    text = "".join(block["text"] for block in blocks if block["type"] == "text")
    return ClientResult(calls, text, _ending(message.get("stop_reason")), turn=tuple(blocks))


def joined(events: Sequence[dict[str, Any]]) -> ClientResult:
    """Return what the events of a stream in order say: a block without deltas has the input that it began with."""
    said = streamed(events)
    return replace(said, calls=tuple((name, arguments or "{}") for name, arguments in said.calls))


def streamed(events: Sequence[dict[str, Any]]) -> ClientResult:
    """Return what the deltas alone say."""
    calls: list[list[str]] = []
    text = reason = ""
    for event in events:
        match event:
            case {"type": "content_block_start", "content_block": {"type": "tool_use", "name": str(name)}}:
                calls.append([name, ""])
            case {
                "type": "content_block_delta",
                "delta": {"type": "input_json_delta", "partial_json": str(part)},
            }:
                calls[-1][1] += part
            case {"type": "content_block_delta", "delta": {"type": "text_delta", "text": str(part)}}:
                text += part
            case {"type": "message_delta", "delta": {"stop_reason": str(stop_reason)}}:
                reason = stop_reason
    return ClientResult(tuple((name, arguments) for name, arguments in calls), text, _ending(reason))


def _ending(reason: str | None) -> str:
    return _ENDINGS.get(reason or "", reason or "")


def as_client_reads(raw: ClientResult) -> ClientResult:
    """Return a result as the client gives it: arguments are objects there, their spelling is lost."""
    try:
        calls = tuple((name, _respelled(arguments)) for name, arguments in raw.calls)
    except ValueError:
        return raw
    return replace(raw, calls=calls)


def _respelled(arguments: str) -> str:
    return json.dumps(json.loads(arguments), ensure_ascii=False)
