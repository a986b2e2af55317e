"""What the official client makes of a recording: the same bytes, replayed to it without a network."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx2
import openai

from tests.harness.core.records.exchange import Exchange, ExchangeKey, Frame, SdkView
from tests.harness.core.records.reply import Event, Reply
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.client import official_client

_REMEMBERED = 2000
"""Characters of a shape that is remembered."""
_MOST_TOIL = 2e9
"""About a second."""
_BLANK_LINE = re.compile(rb"\n\n|\r\r|\r\n\r\n")
_HOST = "http://replay.invalid"
_OK = 200
_CONTENT_TYPE = "content-type"
_EVENT_STREAM, _JSON = "text/event-stream; charset=utf-8", "application/json"
_END = "[DONE]"
_THREAD = threading.local()
_FRAMING = {"content-encoding", "content-length", "transfer-encoding"}


def sdk_view(exchange: Exchange, reply: Reply | None = None) -> SdkView:
    """Return the objects that the official client yields, as plain JSON, and the exception that it ended with.

    Depends on nothing but the recording and the client's version; `reply` is the answer in it, where that was read
    before. Where the transfer broke, the client meets a read error after the last recorded byte. What is no object of
    the API is named as the error. An answer over which the client would take minutes is not given to it: the view says
    so, and is no view of the client's.
    """
    reply = reply or read_reply(exchange, streamed=_asks_for_stream(exchange))
    events = _plain_events(exchange, reply)
    view = _view_by_shapes(events, streamed=reply.streamed) if events else None
    return view or replayed(exchange)


def _view_by_shapes(events: Sequence[Event], *, streamed: bool) -> SdkView | None:
    """Return the client's view, put together from what it makes of each shape; None where that does not tell.

    It reads each chunk by itself, and no further than to an error.
    """
    chunks: list[dict[str, Any]] = []
    for event in events:
        if len(event.shape) > _REMEMBERED or event.json is None:
            return None  # large ones are not remembered: a hostile server's would fill the memory
        odd = _read_otherwise(event.shape, streamed=streamed)
        if odd is None:
            chunks.append(event.json)
        elif odd.shown == event.json:
            chunks += odd.view.chunks
            if odd.view.error:
                return SdkView(tuple(chunks), odd.view.error)
        else:
            return None
    return SdkView(tuple(chunks))


def _plain_events(exchange: Exchange, reply: Reply) -> Sequence[Event]:
    """Return what holds the answer where the body is that and no more; nothing where it is not.

    Of a stream that is one line an event, and [DONE] at the end.
    """
    if exchange.status != _OK or exchange.error:
        return ()
    kind = (_CONTENT_TYPE, _EVENT_STREAM if reply.streamed else _JSON)
    if kind not in {(name.lower(), value) for name, value in exchange.headers}:
        return ()
    events = reply.events
    if reply.streamed:
        if exchange.body != "".join(f"data: {event.raw}\n\n" for event in events).encode():
            return ()
        if not events or events[-1].raw != _END:
            return ()
        events = events[:-1]
    return events if all(map(_is_plain, events)) else ()


def _is_plain(event: Event) -> bool:
    """Return whether an event is a JSON object in one line, as every reader counts lines."""
    return event.json is not None and event.problem is None and len(event.raw.splitlines()) == 1


@dataclass(frozen=True)
class _Odd:
    """A shape that the client does not yield as it was sent."""

    shown: dict[str, Any]
    """What it was shown: the shape as an object."""
    view: SdkView


@lru_cache(maxsize=1024)
def _read_otherwise(shape: str, *, streamed: bool) -> _Odd | None:
    """Return what the client makes of a shape; None: what was sent, and so of all objects of this shape."""
    shown = json.loads(shape)
    data = (f"data: {shape}\n\ndata: {_END}\n\n" if streamed else shape).encode()
    headers = ((_CONTENT_TYPE, _EVENT_STREAM if streamed else _JSON),)
    key = ExchangeKey("", "stream" if streamed else "whole", "", 0, "")
    request = json.dumps({"stream": streamed}).encode()
    view = replayed(Exchange(key, "POST", "", request, 0.0, _OK, headers, (Frame(0.0, data),), 0.0))
    return None if view == SdkView((shown,)) else _Odd(shown, view)


def replayed(exchange: Exchange) -> SdkView:
    """Return the client's view of every byte."""
    if _toil(exchange) > _MOST_TOIL:
        return SdkView(
            (), not_read="it joins an event's pieces one by one, and would take minutes over this answer"
        )
    chunks: list[dict[str, Any]] = []
    try:
        for answer in _answers(exchange):
            chunks.append(_plain(answer))  # noqa: PERF401  what came before an exception counts
    except Exception as error:  # noqa: BLE001  whatever the client raises is what a user would see
        return SdkView(tuple(chunks), f"{type(error).__name__}: {error}")
    return SdkView(tuple(chunks))


def _toil(exchange: Exchange) -> float:
    """Return the bytes that the client copies: an unfinished event is copied whole for each line and frame."""
    body = exchange.body
    frames_a_byte = len(exchange.frames) / max(1, len(body))
    return sum(
        len(event) * (event.count(b"\n") + event.count(b"\r") + len(event) * frames_a_byte)
        for event in _BLANK_LINE.split(body)
    )


def _answers(exchange: Exchange) -> Iterator[object]:
    streamed = _asks_for_stream(exchange)
    client, transport = _client()
    transport.exchange = exchange
    # What the client makes of an answer depends on nothing in the question but this; sending less of it is faster.
    answer = client.chat.completions.create(model="replay", messages=[], stream=streamed)
    if isinstance(answer, openai.Stream):
        with answer:
            yield from answer
    else:
        yield answer


def _asks_for_stream(exchange: Exchange) -> bool:
    return bool(json.loads(exchange.request).get("stream"))


def _plain(answer: object) -> dict[str, Any]:
    if isinstance(answer, openai.BaseModel):
        return answer.model_dump(mode="json", exclude_unset=True, warnings=False)
    kind = type(answer).__name__
    raise TypeError(f"the client returned no object of the API but {kind}: {str(answer)[:200]}")


class _ReplayTransport(httpx2.BaseTransport):
    """Answers every request with the recording that it was given last."""

    exchange: Exchange

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        exchange = self.exchange
        if exchange.status is None:
            raise httpx2.ConnectError(exchange.error or "no answer", request=request)
        headers = [(name, value) for name, value in exchange.headers if name.lower() not in _FRAMING]
        body = _Replay(exchange.frames, exchange.error)
        return httpx2.Response(exchange.status, headers=headers, stream=body)


def _client() -> tuple[openai.OpenAI, _ReplayTransport]:
    """Return one client a thread: making one takes longer than most answers."""
    if not hasattr(_THREAD, "client"):
        transport = _ReplayTransport()
        _THREAD.client = official_client(_HOST, None, transport), transport
    pair: tuple[openai.OpenAI, _ReplayTransport] = _THREAD.client
    return pair


class _Replay(httpx2.SyncByteStream):
    def __init__(self, frames: tuple[Frame, ...], error: str | None) -> None:
        self._frames = frames
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        for frame in self._frames:
            yield frame.data
        if self._error is not None:
            raise httpx2.ReadError(self._error)
