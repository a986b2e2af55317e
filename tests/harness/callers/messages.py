"""`/v1/messages` by the official anthropic client: what is asked, what the events have to look like, what they say."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import anthropic
import httpx2

from tests.harness.callers.rules import MESSAGES_EVENTS
from tests.harness.callers.told import Told
from tests.harness.catalogue.requests import LONGEST_ANSWER
from tests.harness.exchange.client import NO_KEY
from tests.harness.records.case import Case
from tests.harness.records.deployment import Deployment
from tests.harness.records.finding import Finding
from tests.harness.records.subject import ToolRun

PATH = "/v1/messages"
_ALWAYS = {"ping"}


def query(case: Case, model: str, *, stream: bool) -> dict[str, Any]:
    """The question, in the words of this API."""
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


def follow_up(case: Case, model: str, calls: Sequence[Any], runs: Sequence[ToolRun]) -> dict[str, Any]:
    """The round after the tools ran."""
    body = query(case, model, stream=False)
    body.pop("tools", None)
    used, results = [], []
    for number, (call, run) in enumerate(zip(calls, runs, strict=True)):
        id_ = f"toolu_{number}"
        used.append({"type": "tool_use", "id": id_, "name": call.name, "input": json.loads(call.arguments)})
        results.append({"type": "tool_result", "tool_use_id": id_, "content": run.result})
    body["messages"] += [{"role": "assistant", "content": used}, {"role": "user", "content": results}]
    return body


def send(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> Told:
    """Ask by the official client; what it makes of the answer."""
    with anthropic.Anthropic(
        base_url=deployment.base_url,
        auth_token=deployment.api_key or NO_KEY,
        max_retries=0,
        timeout=None,
        http_client=httpx2.Client(transport=transport, trust_env=False, timeout=None),
    ) as client:
        # The client's own signature knows no temperature; the API does.
        extra = {"temperature": body["temperature"]}
        words = {name: value for name, value in body.items() if name not in {"temperature", "stream"}}
        if not body["stream"]:
            return told_of(client.messages.create(**words, extra_body=extra).model_dump())
        with client.messages.stream(**words, extra_body=extra) as stream:
            return told_of(stream.get_final_message().model_dump())


def told_of(message: dict[str, Any]) -> Told:
    """What a message object says."""
    blocks = message.get("content") or []
    calls = tuple(
        (block["name"], json.dumps(block["input"], ensure_ascii=False))
        for block in blocks
        if block["type"] == "tool_use"
    )
    text = "".join(block["text"] for block in blocks if block["type"] == "text")
    return Told(calls, text, message.get("stop_reason") == "tool_use")


def joined(events: Sequence[dict[str, Any]]) -> Told:
    """What the events of a stream that is in order say."""
    calls: list[list[str]] = []
    text, reason = "", None
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
            case {"type": "message_delta", "delta": {"stop_reason": str(said)}}:
                reason = said
    found = tuple((name, arguments or "{}") for name, arguments in calls)
    return Told(found, text, reason == "tool_use")


def judge_events(events: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Their order, and the usage at the end."""
    types = [event.get("type", "") for event in events if event.get("type") not in _ALWAYS]
    if problem := _disorder(
        types, [event.get("index") for event in events if event.get("type") not in _ALWAYS]
    ):
        wanted = "message_start, each block from start to stop, message_delta, message_stop"
        yield _finding("out-of-order", wanted, problem)
    elif problem := _mixed_up(events):
        yield _finding("out-of-order", "in each block the deltas of its type", problem)
    elif not any(event["type"] == "message_delta" and event.get("usage") for event in events):
        yield _finding("no-usage", "usage in message_delta", "none")


def _mixed_up(events: Sequence[dict[str, Any]]) -> str:
    """A delta in a block of another type; empty: there is none."""
    of_block = {"text": "text_delta", "tool_use": "input_json_delta"}
    block = ""
    for number, event in enumerate(events):
        if event["type"] == "content_block_start":
            block = event["content_block"]["type"]
        if event["type"] == "content_block_delta" and event["delta"]["type"] != of_block.get(block):
            return f"event {number}: {event['delta']['type']} in a block of type {block}"
    return ""


def _disorder(types: Sequence[str], indices: Sequence[Any]) -> str:
    """What stands at the wrong place; empty: nothing does."""
    if types[:1] != ["message_start"] or types[-2:] != ["message_delta", "message_stop"]:
        return f"the stream begins with {types[:1]} and ends with {types[-2:]}"
    open_, blocks = False, 0
    for number, (kind, index) in enumerate(zip(types[1:-2], indices[1:-2], strict=True), start=1):
        if open_ is (kind == "content_block_start"):
            return f"event {number}: {kind} {'inside' if open_ else 'outside'} a block"
        if not kind.startswith("content_block_") or index != blocks:
            return f"event {number}: {kind} of index {index}, block {blocks} is next"
        open_ = kind != "content_block_stop"
        blocks += not open_
    return "the last block never stops" if open_ else ""


def _finding(symptom: str, wanted: str, got: str) -> Finding:
    return MESSAGES_EVENTS.finding(symptom, MESSAGES_EVENTS.symptoms[symptom], wanted, got)
