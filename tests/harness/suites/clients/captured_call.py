"""A real client asks and its answer is captured; then the same client reads the capture."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.harness.core.http.limits import Limits
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.harness.core.records.split import NATURAL
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.transport import Capture

Send = Callable[[httpx2.BaseTransport], Any]
"""Asks by a client over a transport, and gives what the client makes of the answer."""
AsyncSend = Callable[[httpx2.AsyncBaseTransport], Any]
_FRAMING = {"content-encoding", "content-length", "transfer-encoding"}


@dataclass(frozen=True)
class CapturedCall:
    """An answer, and what the client that asked for it made of it."""

    exchange: Exchange
    view: Any
    """None where the client raised `error`."""
    error: str


def capture(recorder: Recorder, name: str, limits: Limits, send: Send) -> CapturedCall:
    """Ask over the recorder's transport, and read the recording by the same client.

    Raises what the client raises before it asks: a mistake of ours.
    """
    with recorder.transport.capturing(limits) as recording:
        _until_asked(lambda: send(recorder.transport), recording)
    exchange = recorder.exchange(_key(name, recording.request), recording)
    return _read(exchange, lambda: send(_again(exchange)))


def capture_async(recorder: Recorder, name: str, limits: Limits, send: AsyncSend) -> CapturedCall:
    """Ask over the recorder's transport, and read the recording by the same client of asyncio."""
    with recorder.transport.capturing(limits) as recording:
        _until_asked(lambda: asyncio.run(send(_Threaded(recorder.transport))), recording)
    exchange = recorder.exchange(_key(name, recording.request), recording)
    return _read(exchange, lambda: asyncio.run(send(_again(exchange))))


def _until_asked(asking: Callable[[], Any], recording: Capture) -> None:
    """Ask; of a body that was drained no client makes anything, and what it raises then is not looked at."""
    try:
        asking()
    except Exception:
        if not recording.method:
            raise


def _read(exchange: Exchange, reading: Callable[[], Any]) -> CapturedCall:
    try:
        return CapturedCall(exchange, reading(), "")
    except Exception as error:  # noqa: BLE001 - the client's exception is what is looked for
        return CapturedCall(exchange, None, f"{type(error).__name__}: {error}")


def _key(name: str, request: bytes) -> ExchangeKey:
    mode = "stream" if b'"stream":true' in request.replace(b" ", b"") else "whole"
    return ExchangeKey(name, mode, NATURAL.name, 0, hashlib.sha256(request).hexdigest())


def _again(exchange: Exchange) -> httpx2.MockTransport:
    """Return a transport that answers as the recording does."""
    headers = [(name, value) for name, value in exchange.headers if name.lower() not in _FRAMING]
    return httpx2.MockTransport(
        lambda _: httpx2.Response(exchange.status or 502, headers=headers, content=exchange.body)
    )


class _Threaded(httpx2.AsyncBaseTransport):
    """The recording transport, its waits in a thread."""

    def __init__(self, transport: httpx2.BaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return await asyncio.to_thread(self._transport.handle_request, request)
