"""The message of `/v1/messages`, streamed or whole: which stop sequence ended it, the ids of its calls, its counts."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check


def object_in(events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what the events of a stream say of the message as a whole, and its blocks as they began."""
    message: dict[str, Any] = dict(events[0]["message"])
    blocks = [event["content_block"] for event in events if event["type"] == "content_block_start"]
    for event in events:
        if event["type"] == "message_delta":
            usage = {**(message.get("usage") or {}), **(event.get("usage") or {})}
            message = {**message, **event["delta"], "usage": usage}
    return {**message, "content": blocks}


def judge_object(message: dict[str, Any]) -> Iterator[Finding]:
    """Judge a message that has ended."""
    reason, sequence = message.get("stop_reason"), message.get("stop_sequence")
    if (reason == "stop_sequence") != bool(sequence):
        yield CHECK.as_described(
            "stop-sequence", "stop_sequence where that is the stop_reason", f"{sequence!r} beside {reason}"
        )
    ids = [block.get("id") for block in message.get("content") or () if block["type"] == "tool_use"]
    if not all(ids) or len(set(ids)) != len(ids):
        yield CHECK.as_described("ids", "an id of its own for each tool_use", str(ids))
    usage = message.get("usage") or {}
    counts = [usage.get("input_tokens"), usage.get("output_tokens")]
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        yield CHECK.as_described("usage", "input_tokens and output_tokens", str(usage))


CHECK = Check(
    "messages-object",
    {
        "stop-sequence": "The stop sequence that ended the message is not named, or one is that did not.",
        "ids": "A call has no id, or that of another.",
        "usage": "Token counts are missing.",
    },
    "https://docs.anthropic.com/en/api/messages",
    harm={"ids": "wrong-call"},
)
