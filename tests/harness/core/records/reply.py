"""An answer put together from its raw frames, without repair: what is missing stays None."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.harness.core.chunk_shape import shape_of_text


@dataclass(frozen=True)
class Event:
    """One server-sent event, or the whole body of an answer that is not streamed."""

    number: int
    at: float
    """Seconds after the request was sent at which the event's last byte arrived."""
    raw: str
    """The event's data; undecodable bytes are shown as U+FFFD, and `problem` is set."""
    json: dict[str, Any] | None
    """None for `[DONE]` and for data that is not a JSON object."""
    problem: str | None = None
    """A symptom of the check `stream-frames` that reading it showed: `not-json`, `bad-utf8`, ..."""

    @property
    def is_done(self) -> bool:
        """Return whether this is the end marker itself, not a text that holds it."""
        return self.raw.strip() == "[DONE]"

    @cached_property
    def shape(self) -> str:
        """Return its JSON, if it has some, without what runs: several checks ask for it."""
        return shape_of_text(self.raw)


@dataclass(frozen=True)
class CallDelta:
    """One entry of `delta.tool_calls` as it came."""

    event: int
    index: int | None
    id: str | None
    type: str | None
    name: str | None
    arguments: str | None


@dataclass(frozen=True)
class ToolCall:
    """A call put together from its deltas by index, or read from a whole answer."""

    index: int
    id: str | None
    type: str | None
    name: str | None
    """All names that came for this index, joined, as a client that concatenates would see it."""
    arguments: str
    """All argument pieces joined; empty if none came."""
    deltas: tuple[CallDelta, ...] = ()
    events: tuple[int, ...] = ()
    """Numbers of the events that carried it."""


@dataclass(frozen=True)
class Timing:
    """Seconds after the request was sent; None where nothing of the kind came."""

    first_event: float | None
    first_content: float | None
    first_call: float | None
    last_event: float | None


@dataclass(frozen=True)
class Choice:
    """One choice of the answer."""

    index: int
    roles: tuple[str, ...]
    """Every role that was sent, in order."""
    content: str | None
    """All content pieces joined; None if no piece came."""
    tool_calls: tuple[ToolCall, ...]
    """In the order in which their indices were first seen."""
    finish_reasons: tuple[str, ...]
    """Every finish reason that was sent, in order."""
    stray: tuple[CallDelta, ...] = ()
    """Streamed pieces of calls whose index is missing or not a number: they belong to no call."""

    @property
    def finish_reason(self) -> str | None:
        """Return the last finish reason; None if none came."""
        return self.finish_reasons[-1] if self.finish_reasons else None


@dataclass(frozen=True)
class Reply:
    """One answer, read from an exchange."""

    streamed: bool
    """Whether the request asked for a stream."""
    events: tuple[Event, ...]
    choices: tuple[Choice, ...]
    usage: dict[str, Any] | None
    """The last usage object that came."""
    done: bool
    """Whether the end marker came; always True for a whole answer that is JSON."""
    timing: Timing
    error: dict[str, Any] | None = None
    """The first error object in the body, whatever the HTTP status was."""

    @cached_property
    def choice(self) -> Choice | None:
        """Return the choice with index 0, if there is one."""
        return next((choice for choice in self.choices if choice.index == 0), None)
