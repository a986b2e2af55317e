"""One HTTP exchange over a connection of its own: no proxy, no redirect, no wait beyond the deadline."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import httpcore2
import httpx2

from tests.harness.core.http.bounded_sockets import BoundedBackend
from tests.harness.core.http.limits import Deadline, LimitError, Limits
from tests.harness.core.printable import truncated

BROKEN = (
    LimitError,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
    httpx2.HTTPError,
    OSError,
    UnicodeError,
)
"""What may end a transfer. Anything else is a mistake of ours and is raised."""
UNREACHABLE = httpcore2.ConnectError


@dataclass(frozen=True)
class Opened:
    """An answer whose body is still to come."""

    status: int
    headers: list[tuple[bytes, bytes]]
    pieces: Iterator[bytes]
    """The body as an application sees it: without the chunked framing, decompressed."""

    def body(self, max_bytes: int) -> bytes:
        """Return the whole body, read once. Raises one of BROKEN, LimitError where it is larger."""
        body = bytearray()
        for piece in self.pieces:
            body += piece
            if len(body) > max_bytes:
                raise LimitError(f"the answer is larger than {max_bytes / 1024**2:g} MiB")
        return bytes(body)


@contextmanager
def open_response(
    method: str, url: str, headers: list[tuple[bytes, bytes]], content: bytes, limits: Limits
) -> Iterator[Opened]:
    """Send a request. Raises one of BROKEN, here and where the pieces are read."""
    context = (
        _ssl_context() if url.startswith("https:") else None
    )  # before the clock starts: the server waits for none
    deadline = Deadline(limits)
    with (
        httpcore2.ConnectionPool(ssl_context=context, network_backend=BoundedBackend(deadline)) as pool,
        pool.stream(method, url, headers=headers, content=content) as answer,
    ):
        yield Opened(answer.status, answer.headers, _decoded(answer))


def describe_error(error: Exception) -> str:
    """Return what broke a transfer, in a line."""
    words = truncated(str(error)) or "no more is known"
    return words if isinstance(error, LimitError) else f"{type(error).__name__}: {words}"


def _decoded(answer: httpcore2.Response) -> Iterator[bytes]:
    """Yield the body in pieces of a megabyte at most, however much a compressed byte stands for."""
    codings = [
        coding
        for name, value in answer.headers
        if name.lower() == b"content-encoding"
        for coding in value.split(b",")
    ]
    if len(codings) > 1:
        # Each coding inside another multiplies what a byte stands for by up to a thousand, and the time it takes.
        raise httpx2.DecodingError(f"the body is compressed {len(codings)} times over, which nobody reads")
    body = httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer.iter_stream()))
    yield from body.iter_bytes()


class _Body(httpx2.SyncByteStream):
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


@cache
def _ssl_context() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
