"""The events of `/v1/messages`: their order, and the usage at the end."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check

_ALWAYS = {"ping"}


def judge_events(events: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Judge the events' order, and the usage at the end."""
    types = [event.get("type", "") for event in events if event.get("type") not in _ALWAYS]
    if problem := _disorder(
        types, [event.get("index") for event in events if event.get("type") not in _ALWAYS]
    ):
        wanted = "message_start, each block from start to stop, message_delta, message_stop"
        yield CHECK.as_described("out-of-order", wanted, problem)
    elif problem := _mixed_up(events):
        yield CHECK.as_described("out-of-order", "in each block the deltas of its type", problem)
    elif not any(event["type"] == "message_delta" and event.get("usage") for event in events):
        yield CHECK.as_described("no-usage", "usage in message_delta", "none")


def _mixed_up(events: Sequence[dict[str, Any]]) -> str:
    """Return a delta in a block of another type; empty: there is none. Other blocks (thinking) are not looked into."""
    of_block = {"text": "text_delta", "tool_use": "input_json_delta"}
    block = ""
    for number, event in enumerate(events):
        if event["type"] == "content_block_start":
            block = event["content_block"]["type"]
        wanted = of_block.get(block)
        if event["type"] == "content_block_delta" and wanted and event["delta"]["type"] != wanted:
            return f"event {number}: {event['delta']['type']} in a block of type {block}"
    return ""


def _disorder(types: Sequence[str], indices: Sequence[Any]) -> str:
    """Return what stands at the wrong place; empty: nothing does."""
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


CHECK = Check(
    "messages-events",
    {
        "out-of-order": "An event comes where none of its kind may come, or one is missing.",
        "no-usage": "No usage comes with the end of the message.",
    },
    "https://docs.anthropic.com/en/docs/build-with-claude/streaming",
    harm={"out-of-order": "wrong-call"},
)
OUT_OF_ORDER = CHECK["out-of-order"]
