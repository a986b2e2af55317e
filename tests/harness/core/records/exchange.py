"""One recorded request with the raw bytes of its answer: a fact, never a judgement."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ExchangeKey:
    """What identifies a recording: the same key always asked the same thing."""

    case: str
    mode: str
    split: str
    attempt: int
    request_sha256: str

    @property
    def name(self) -> str:
        """Return the key in one line, short enough for a report."""
        return f"{self.case}|{self.mode}|{self.split}|{self.attempt}|{self.request_sha256[:12]}"


@dataclass(frozen=True)
class Frame:
    """A piece of the answer's body as it came off the socket, `at` seconds after the request was sent."""

    at: float
    data: bytes


@dataclass(frozen=True)
class Exchange:
    """A request and everything that came back, in the order of arrival."""

    key: ExchangeKey
    method: str
    path: str
    request: bytes
    sent_at: float
    """Seconds since the epoch."""
    status: int | None
    """HTTP status; None if no answer began."""
    headers: tuple[tuple[str, str], ...]
    frames: tuple[Frame, ...]
    ended_at: float
    """Seconds after the request was sent at which the body ended or broke."""
    error: str | None = None
    """What broke the transfer (`ReadTimeout: ...`); None if the body ended as HTTP says it must."""

    @property
    def body(self) -> bytes:
        """Return all bytes of the answer's body."""
        return b"".join(frame.data for frame in self.frames)


@dataclass(frozen=True)
class SdkView:
    """What the official client made of the same bytes: its final objects as plain JSON, or its error."""

    chunks: tuple[dict[str, Any], ...]
    """The parsed chunks of a stream; the one completion object of a whole answer."""
    error: str | None = None
    """The client's exception, type and message."""
    not_read: str = ""
    """Why the client was not given the answer; empty: it was."""
