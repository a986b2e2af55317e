"""The official client sees the same answer as the raw frames hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_index, chunk_shape, stream_end
from tests.harness.judging.checks.support.answers import calls_of, short, text_of, to_json


@dataclass
class _Joined:
    """An answer as a program builds it from the client's objects."""

    text: str = ""
    calls: dict[int, list[str]] = field(default_factory=dict)

    def add(self, choice: dict[str, Any]) -> None:
        """Join a delta, or the one message of a whole answer, whose calls have no numbers but their places."""
        delta = choice.get("delta")
        message = delta or choice.get("message") or {}
        self.text += message.get("content") or ""
        for place, call in enumerate(message.get("tool_calls") or []):
            function = call.get("function") or {}
            number = call.get("index", place) if delta else place
            name, arguments = self.calls.setdefault(number, ["", ""])
            self.calls[number] = [
                name + (function.get("name") or ""),
                arguments + (function.get("arguments") or ""),
            ]


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.sdk.not_read:
        message = "The official client would take minutes over this answer, so it was not given it."
        yield CHECK.finding("sdk-stalls", message, "an answer that it reads in seconds", context.sdk.not_read)
        return
    if context.sdk.error is not None:
        message = "The official client raises an exception on this answer."
        yield CHECK.finding("sdk-error", message, "an answer", short(context.sdk.error))
        return
    joined = _Joined()
    for chunk in context.sdk.chunks:
        for choice in chunk.get("choices") or []:
            if choice.get("index", 0) == 0:
                joined.add(choice)
    client_view = {"content": joined.text.strip(), "calls": list(joined.calls.values())}
    calls = [[call.name or "", call.arguments] for call in calls_of(context)]
    frames_view = {"content": text_of(context.reply.choice), "calls": calls}
    if client_view != frames_view:
        message = "The official client makes another answer of the stream than its frames hold."
        yield CHECK.finding("sdk-differs", message, to_json(frames_view), to_json(client_view))


CHECK = Check(
    id="sdk-view",
    harm="wrong-call",
    symptoms={
        "sdk-error": "The official client raises.",
        "sdk-stalls": "The official client would take minutes; the suite does not wait for it.",
        "sdk-differs": "The client's chunks, joined, are not the answer in the frames.",
    },
    source="https://github.com/openai/openai-python#streaming-responses",
    judge=_judge,
    requires=(
        chunk_shape.CHECK,
        stream_end.CHECK,
        call_index.CHECK["missing-index"],
    ),
)
