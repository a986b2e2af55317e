"""Under the official client: what is sent and what arrives is captured, byte for byte."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import httpx2

from tests.harness.core.http.limits import LimitError, Limits
from tests.harness.core.http.open_response import BROKEN, open_response
from tests.harness.core.records.exchange import Frame

_SENT_HEADERS = {
    *("anthropic-version", "accept", "accept-encoding", "authorization", "connection"),
    *("content-length", "content-type", "host", "user-agent"),
}
"""The request headers that leave, beside `x-stainless-*`: the client takes others from the environment."""
_PRIVATE_HEADERS = {
    *("authentication-info", "authorization", "proxy-authorization", "x-api-key"),
    *("cookie", "set-cookie", "set-cookie2"),
}
"""Response headers that are not recorded."""
_MARKS = (b"\n", b"\r", b"{", b"[")


def recorded_headers(raw: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Return those of an answer's headers that a recording may hold."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
    return tuple((name, value) for name, value in headers if name.lower() not in _PRIVATE_HEADERS)


@dataclass
class Capture:
    """One request and its answer while they are recorded; the fields are those of an `Exchange`."""

    limits: Limits
    method: str = ""
    path: str = ""
    request: bytes = b""
    sent_at: float = 0.0
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    frames: list[Frame] = field(default_factory=list)
    size: int = 0
    """Bytes of all frames."""
    parse_cost: int = 0
    """Line ends and opening brackets in them."""
    ended_at: float = 0.0
    error: str | None = None
    clock: float = 0.0
    """`time.perf_counter()` as the client handed the request over: connecting counts."""

    def begin(self, request: httpx2.Request) -> None:
        """Note what is sent; a capture holds one request."""
        if self.method:
            raise RuntimeError("a second request in one capture: something retried or followed a redirect")
        self.method = request.method
        self.path = request.url.raw_path.decode("ascii")
        self.request = request.read()
        self.sent_at = time.time()
        self.clock = time.perf_counter()

    def elapsed(self) -> float:
        """Return seconds since the request was handed over, to the microsecond."""
        return round(time.perf_counter() - self.clock, 6)

    def add(self, data: bytes) -> None:
        """Note a piece of the body. Raises LimitError; the part within the limit is kept."""
        if len(self.frames) == self.limits.max_frames:
            raise LimitError(f"the body came in more than {self.limits.max_frames} pieces")
        piece = data[: self.limits.max_bytes - self.size]
        if piece:
            self.frames.append(Frame(self.elapsed(), piece))
            self.size += len(piece)
        self.parse_cost += sum(piece.count(mark) for mark in _MARKS)
        if self.parse_cost > self.limits.max_parse_cost:
            raise LimitError(
                f"the body has more than {self.limits.max_parse_cost} line ends and opening brackets, many times what"
                " such an answer needs"
            )
        if len(piece) < len(data):
            raise LimitError(f"the body is larger than {self.limits.max_bytes} bytes")

    def mark_broken(self, error: Exception) -> None:
        """Note what ended the transfer, and for a limit how much had come."""
        so_far = ""
        if isinstance(error, LimitError):
            so_far = f"; {self.size} bytes in {len(self.frames)} frames so far"
        self.error = f"{type(error).__name__}: {error}{so_far}"


class RecordingTransport(httpx2.BaseTransport):
    """Sends each request over a connection of its own and drains the answer into the capture, past any `[DONE]`.

    The body is recorded as an application sees it: without the chunked framing, and decoded where the server
    compressed it (the recorded headers still say how). The client above gets status and headers with an empty
    body: what it makes of the bytes is replayed from the recording, so that reading them costs no time here.
    Proxies, redirects and connections left over from another exchange play no part.
    """

    def __init__(self, limits: Limits) -> None:
        """Prepare; nothing is opened yet."""
        self._limits = limits
        self._capture: ContextVar[Capture] = ContextVar("capture")

    @contextmanager
    def capturing(self, limits: Limits | None = None) -> Iterator[Capture]:
        """Record the request that this thread sends within the block, within `limits` where they are other ones."""
        capture = Capture(limits or self._limits)
        token = self._capture.set(capture)
        try:
            yield capture
        finally:
            self._capture.reset(token)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send, record, drain. Raises httpx2.ReadError where the transfer broke; the capture says how."""
        capture = self._capture.get()
        capture.begin(request)
        try:
            self._exchange(request, capture)
        except BROKEN as error:
            capture.mark_broken(error)
            raise httpx2.ReadError(capture.error or "", request=request) from error
        finally:
            capture.ended_at = capture.elapsed()
        return httpx2.Response(capture.status or 0, headers=_without_framing(capture.headers), content=b"")

    def _exchange(self, request: httpx2.Request, capture: Capture) -> None:
        sent = [(name, value) for name, value in request.headers.raw if _may_leave(name)]
        with open_response(request.method, str(request.url), sent, capture.request, capture.limits) as answer:
            capture.status = answer.status
            capture.headers = recorded_headers(answer.headers)
            for piece in answer.pieces:
                capture.add(piece)


def _may_leave(header: bytes) -> bool:
    name = header.decode("ascii").lower()
    return name in _SENT_HEADERS or name.startswith("x-stainless-")


def _without_framing(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Return the headers that are still true of a body without chunks and compression."""
    framing = {"content-encoding", "content-length", "transfer-encoding"}
    return [(name, value) for name, value in headers if name.lower() not in framing]
