"""A real HTTP server on the loopback whose every byte is scripted, so that it can break any rule.

    def answer(request: Received) -> Iterator[Step]:
        yield stream_head()
        yield chunk(sse({"choices": []}))
        yield Pause(0.1)
        yield RESET

    with ScriptedServer(answer) as server:
        ...server.url, server.received...

What `answer` yields goes on the socket as it is, status line and headers included; each piece in a packet of
its own. When it is exhausted the connection is closed.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self

RESET: Literal["reset"] = "reset"
"""Tear the connection down with a TCP reset; nothing after it is sent."""
_READ_BYTES = 65536


@dataclass(frozen=True)
class Pause:
    """Send nothing for so many seconds; ends early when the server is closed."""

    seconds: float


Step = bytes | Pause | Literal["reset"]


@dataclass(frozen=True)
class Received:
    """A request as it came off the socket; header names in lower case, the last of equal names counts."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


Answer = Callable[[Received], Iterable[Step]]


class ScriptedServer:
    """Answers every request, also several at once, with what `answer` yields for it; then closes."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._workers: list[threading.Thread] = []
        self.received: list[Received] = []
        """All requests so far, in the order of arrival."""
        self.connections = 0

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        host, port = self._listener.getsockname()
        return f"http://{host}:{port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for worker in self._workers:
            worker.join(10)

    def _start(self, work: Callable[..., None], *args: Any) -> None:
        worker = threading.Thread(target=work, args=args, daemon=True)
        self._workers.append(worker)
        worker.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            try:
                request = _read_request(connection)
                if request is None:
                    return
                self.received.append(request)
                for step in self._answer(request):
                    if self._closing.is_set() or not self._perform(connection, step):
                        return
            except OSError:
                return  # the client has gone: its right

    def _perform(self, connection: socket.socket, step: Step) -> bool:
        if isinstance(step, Pause):
            self._closing.wait(step.seconds)
        elif step == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        else:
            connection.sendall(step)
        return True


def _read_request(connection: socket.socket) -> Received | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(_READ_BYTES)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(_READ_BYTES)
    method, path, _ = first.split(" ")
    return Received(method, path, headers, body)


def head(status: str = "200 OK", **headers: str) -> bytes:
    """Status line and headers up to the blank line; `content_type="..."` becomes `content-type: ...`."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def stream_head(**headers: str) -> bytes:
    """The head of a chunked event stream; its body is made of `chunk`s and ends with `LAST_CHUNK`."""
    return head(**{"content_type": "text/event-stream", "transfer_encoding": "chunked", **headers})


def chunk(data: bytes) -> bytes:
    """A piece of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


def sse(value: object) -> bytes:
    """One server-sent event; a string is taken as it is, anything else as JSON."""
    data = value if isinstance(value, str) else json.dumps(value)
    return f"data: {data}\n\n".encode()


def whole(value: object, status: str = "200 OK", content_type: str = "application/json") -> bytes:
    """A complete answer with a length; bytes are taken as they are, anything else as JSON."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return head(status, content_type=content_type, content_length=str(len(body))) + body


def play(*steps: Step) -> Answer:
    """The handler that gives the same steps to every request."""

    def answer(request: Received) -> Iterable[Step]:
        return steps

    return answer


def stream(*pieces: bytes) -> Answer:
    """The handler that sends a well-formed event stream of these pieces, one chunk each."""
    return play(stream_head(), *(chunk(piece) for piece in pieces), LAST_CHUNK)
