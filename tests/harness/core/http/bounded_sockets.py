"""Sockets on which no wait outlasts the deadline, not even one inside a header or a chunk's size."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2

from tests.harness.core.http.limits import Deadline

_WRITE_BYTES = 16 * 1024
"""The deadline is looked at between two pieces of a long request."""


class BoundedBackend(httpcore2.NetworkBackend):
    """Opens the connection of one exchange, with its deadline in place of the HTTP library's timeouts.

    Looking up a host's name is the one wait that the system does not let us bound.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline stands in for it
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect. Raises LimitError, or httpcore2.ConnectError."""
        with _bounded(self._deadline) as wait_s:
            stream = self._backend.connect_tcp(host, port, wait_s, local_address, socket_options)
        return _BoundedStream(stream, self._deadline)


class _BoundedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        with _bounded(self._deadline) as wait_s:
            return self._stream.read(max_bytes, wait_s)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        for start in range(0, len(buffer), _WRITE_BYTES):
            with _bounded(self._deadline) as wait_s:
                self._stream.write(buffer[start : start + _WRITE_BYTES], wait_s)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        with _bounded(self._deadline) as wait_s:
            secure = self._stream.start_tls(ssl_context, server_hostname, wait_s)
        return _BoundedStream(secure, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _bounded(deadline: Deadline) -> Iterator[float]:
    try:
        yield deadline.wait_s()
    except httpcore2.TimeoutException:
        raise deadline.missed() from None
