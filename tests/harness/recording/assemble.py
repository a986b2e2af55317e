"""One answer out of its raw frames: nothing repaired, nothing filled in, and no JSON that it cannot read."""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.reply import CallDelta, Choice, Event, Reply, Timing, ToolCall
from tests.harness.recording.sse import read_event, read_events

_EVENT_STREAM = "text/event-stream"
_FIRST_ERROR_STATUS = 400


def read_reply(exchange: Exchange, streamed: bool) -> Reply:
    """Return the answer in a recording; `streamed`: whether the request asked for a stream.

    Total over any body. A field of a wrong type counts as not there; the event's `json` still shows it. If a
    stream was asked for and something else came with a good status, the first event's problem is
    `not-a-stream`, and the reply holds what could be read.
    """
    events, is_stream = _events(exchange, streamed)
    builder = _ReplyBuilder("delta" if is_stream else "message")
    for event in events:
        builder.take(event)
    return Reply(
        streamed=streamed,
        events=events,
        choices=tuple(choice.build() for choice in builder.choices.values()),
        usage=builder.usage,
        done=any(event.is_done or (not streamed and event.json is not None) for event in events),
        timing=Timing(
            first_event=events[0].at if events else None,
            first_content=builder.first_content,
            first_call=builder.first_call,
            last_event=events[-1].at if events else None,
        ),
        error=builder.error,
    )


def recorded_answer_of(exchange: Exchange) -> RecordedAnswer:
    """Return a recording with its answer put together; its key says whether a stream was asked for."""
    return RecordedAnswer(exchange, read_reply(exchange, streamed=exchange.key.mode == "stream"))


def _events(exchange: Exchange, streamed: bool) -> tuple[tuple[Event, ...], bool]:
    """Return the events of the body, and whether they are those of a stream."""
    if not streamed:
        return _whole(exchange, "cut-off" if exchange.error else None), False
    declared = _media_type(exchange) == _EVENT_STREAM
    events = tuple(read_events(exchange.frames))
    refused = exchange.status is not None and exchange.status >= _FIRST_ERROR_STATUS
    if events:
        return (events if declared or refused else _noted(events)), True
    if declared and (exchange.error or _only_comments(exchange.body)):
        return (), True
    return _whole(exchange, None if refused else "not-a-stream"), False


def _whole(exchange: Exchange, problem: str | None) -> tuple[Event, ...]:
    body = exchange.body
    return (read_event(1, exchange.frames[-1].at, body, problem),) if body else ()


def _noted(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return (replace(events[0], problem="not-a-stream"), *events[1:])


def _only_comments(body: bytes) -> bool:
    lines = body.replace(b"\r", b"\n").split(b"\n")
    return all(not line.strip() or line.startswith(b":") for line in lines)


def _media_type(exchange: Exchange) -> str:
    values = [value for name, value in exchange.headers if name.lower() == "content-type"]
    return values[-1].partition(";")[0].strip().lower() if values else ""


@dataclass
class _ChoiceBuilder:
    index: int
    roles: list[str] = field(default_factory=list)
    content: list[str] = field(default_factory=list)
    finish_reasons: list[str] = field(default_factory=list)
    calls: dict[int, list[CallDelta]] = field(default_factory=dict)
    stray: list[CallDelta] = field(default_factory=list)

    def build(self) -> Choice:
        return Choice(
            index=self.index,
            roles=tuple(self.roles),
            content="".join(self.content) if self.content else None,
            tool_calls=tuple(_tool_call(index, deltas) for index, deltas in self.calls.items()),
            finish_reasons=tuple(self.finish_reasons),
            stray=tuple(self.stray),
        )


class _ReplyBuilder:
    """Takes events one by one; `part` is where a choice holds its message: `delta` or `message`."""

    def __init__(self, part: str) -> None:
        self._part = part
        self.choices: dict[int, _ChoiceBuilder] = {}
        self.usage: dict[str, Any] | None = None
        self.error: dict[str, Any] | None = None
        self.first_content: float | None = None
        self.first_call: float | None = None

    def take(self, event: Event) -> None:
        body = event.json
        if body is None:
            return
        if isinstance(body.get("usage"), dict):
            self.usage = body["usage"]
        if self.error is None:
            self.error = _error(body)
        for position, entry in enumerate(_list(body.get("choices"))):
            if isinstance(entry, dict):
                self._take_choice(event, position, entry)

    def _take_choice(self, event: Event, position: int, entry: dict[str, Any]) -> None:
        index = _integer(entry.get("index"))
        # A choice without an index is the one at its place in the list, where every client looks for it.
        index = position if index is None else index
        choice = self.choices.setdefault(index, _ChoiceBuilder(index))
        message = _object(entry.get(self._part))
        choice.roles += _texts(message.get("role"))
        choice.finish_reasons += _texts(entry.get("finish_reason"))
        pieces = _texts(message.get("content"))
        choice.content += pieces
        if any(pieces) and self.first_content is None:
            self.first_content = event.at
        for place, call in enumerate(_list(message.get("tool_calls"))):
            self._take_call(event, choice, place, call)

    def _take_call(self, event: Event, choice: _ChoiceBuilder, place: int, entry: object) -> None:
        if self.first_call is None:
            self.first_call = event.at
        delta = _call_delta(event.number, entry)
        index = delta.index if self._part == "delta" else place
        if index is None:
            choice.stray.append(delta)
        else:
            choice.calls.setdefault(index, []).append(delta)


def _call_delta(event: int, entry: object) -> CallDelta:
    call = _object(entry)
    function = _object(call.get("function"))
    return CallDelta(
        event=event,
        index=_integer(call.get("index")),
        id=_text(call.get("id")),
        type=_text(call.get("type")),
        name=_text(function.get("name")),
        arguments=_text(function.get("arguments")),
    )


def _tool_call(index: int, deltas: list[CallDelta]) -> ToolCall:
    names = [delta.name for delta in deltas if delta.name is not None]
    return ToolCall(
        index=index,
        id=next((delta.id for delta in deltas if delta.id is not None), None),
        type=next((delta.type for delta in deltas if delta.type is not None), None),
        name="".join(names) if names else None,
        arguments="".join(delta.arguments for delta in deltas if delta.arguments is not None),
        deltas=tuple(deltas),
        events=tuple(dict.fromkeys(delta.event for delta in deltas)),
    )


def _error(body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the error object of a body: `{"error": {...}}`, or vLLM's older `{"object": "error", ...}`."""
    error = body.get("error")
    if isinstance(error, dict):
        return error
    return body if error or body.get("object") == "error" else None


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else []


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
