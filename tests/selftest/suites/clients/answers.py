"""Right answers of the other addresses, as events, for tests to damage; and a server that gives them."""

import json
from collections.abc import Iterable
from typing import Any

from tests.selftest.faulty_servers.scripts import wire_of
from tests.selftest.hostile_servers.behaviours import CASES
from tests.selftest.scripted import Received, Step, head, whole
from tests.selftest.talking_server import CORRECT

Events = list[dict[str, Any]]
CASE = next(case for case in CASES if case.id == "weather-san-francisco")
NAME, ARGUMENTS = CASE.calls[0].name, json.dumps(CASE.calls[0].arguments)
MENTIONED = "It is " + " ".join(CASE.follow_up.mentions if CASE.follow_up else ())


def item(arguments: str, status: str = "completed") -> dict[str, Any]:
    return {
        "type": "function_call", "id": "fc_0", "call_id": "call_0", "name": NAME, "arguments": arguments,
        "status": status,
    }  # fmt: skip


def response(output: list[dict[str, Any]], status: str = "completed") -> dict[str, Any]:
    return {
        "id": "resp_0", "object": "response", "created_at": 0, "model": "m", "output": output, "status": status,
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
        "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
    }  # fmt: skip


def responses_events() -> Events:
    """One call, in two deltas."""
    of_item = {"item_id": "fc_0", "output_index": 0}
    delta = "response.function_call_arguments.delta"
    events: Events = [
        {"type": "response.created", "response": response([], "in_progress")},
        {"type": "response.in_progress", "response": response([], "in_progress")},
        {"type": "response.output_item.added", "output_index": 0, "item": item("", "in_progress")},
        {"type": delta, "delta": ARGUMENTS[:5], **of_item},
        {"type": delta, "delta": ARGUMENTS[5:], **of_item},
        {"type": "response.function_call_arguments.done", "arguments": ARGUMENTS, "name": NAME, **of_item},
        {"type": "response.output_item.done", "output_index": 0, "item": item(ARGUMENTS)},
        {"type": "response.completed", "response": response([item(ARGUMENTS)])},
    ]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def text_item() -> dict[str, Any]:
    part = {"type": "output_text", "text": MENTIONED, "annotations": []}
    return {"type": "message", "id": "msg_0", "role": "assistant", "status": "completed", "content": [part]}


def responses_text_events() -> Events:
    """The answer after the tools ran, in two deltas."""
    of_item = {"item_id": "msg_0", "output_index": 0}
    of_part = {**of_item, "content_index": 0}
    part = text_item()["content"][0]
    delta = "response.output_text.delta"
    events: Events = [
        {"type": "response.created", "response": response([], "in_progress")},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**text_item(), "content": [], "status": "in_progress"},
        },
        {"type": "response.content_part.added", "part": {**part, "text": ""}, **of_part},
        {"type": delta, "delta": MENTIONED[:5], "logprobs": [], **of_part},
        {"type": delta, "delta": MENTIONED[5:], "logprobs": [], **of_part},
        {"type": "response.output_text.done", "text": MENTIONED, "logprobs": [], **of_part},
        {"type": "response.content_part.done", "part": part, **of_part},
        {"type": "response.output_item.done", "output_index": 0, "item": text_item()},
        {"type": "response.completed", "response": response([text_item()])},
    ]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def message(content: list[dict[str, Any]], reason: str | None = "tool_use") -> dict[str, Any]:
    return {
        "id": "msg_0", "type": "message", "role": "assistant", "model": "m", "content": content,
        "stop_reason": reason, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip


def messages_events() -> Events:
    """One call, in two deltas."""
    block = {"type": "tool_use", "id": "toolu_0", "name": NAME, "input": {}}
    delta = {"type": "content_block_delta", "index": 0}
    return [
        {"type": "message_start", "message": message([], None)},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {**delta, "delta": {"type": "input_json_delta", "partial_json": ARGUMENTS[:5]}},
        {**delta, "delta": {"type": "input_json_delta", "partial_json": ARGUMENTS[5:]}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": {"output_tokens": 1},
        },
        {"type": "message_stop"},
    ]


def messages_text_events() -> Events:
    """The answer after the tools ran, in two deltas."""
    delta = {"type": "content_block_delta", "index": 0}
    return [
        {"type": "message_start", "message": message([], None)},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {**delta, "delta": {"type": "text_delta", "text": MENTIONED[:5]}},
        {**delta, "delta": {"type": "text_delta", "text": MENTIONED[5:]}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 1},
        },
        {"type": "message_stop"},
    ]


def good(request: Received) -> Iterable[Step]:
    """A server that has all addresses and answers the one scenario rightly."""
    if request.method == "GET":
        paths = {"/v1/responses": {}, "/v1/messages": {}, "/v1/chat/completions": {}}
        return [whole({"data": [{"id": "xlam-gate/fixture"}], "version": "0.32.0", "paths": paths})]
    asked = request.json()
    if request.path == "/v1/responses":
        return (
            answered(asked, responses_events(), response([item(ARGUMENTS)]))
            if "tools" in asked
            else answered(asked, responses_text_events(), response([text_item()]))
        )
    if request.path == "/v1/messages":
        block = {"type": "tool_use", "id": "toolu_0", "name": NAME, "input": CASE.calls[0].arguments}
        text = message([{"type": "text", "text": MENTIONED}], "end_turn")
        return (
            answered(asked, messages_events(), message([block]))
            if "tools" in asked
            else answered(asked, messages_text_events(), text)
        )
    wire = wire_of(CORRECT, asked, CASES)
    return [head(content_type=wire.media_type), *wire.pieces]


def sse(events: Events) -> bytes:
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()


def answered(asked: dict[str, Any], events: Events, body: object) -> Iterable[Step]:
    """As a stream or whole, whichever is asked for."""
    if not asked.get("stream"):
        return [whole(body)]
    return [head(content_type="text/event-stream"), sse(events)]
