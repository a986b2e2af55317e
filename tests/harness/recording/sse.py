"""Frames to server-sent events, as the WHATWG standard reads an event stream, however the bytes were cut."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.harness.core.records.exchange import Frame
from tests.harness.core.records.reply import Event
from tests.harness.core.strict_json import strict_json

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"
_FIELD, _BLANK_LINE = b"data: ", b"\n\n"


class EventReader:
    """Reads one body frame by frame. Works on bytes: no byte of a line end occurs inside a UTF-8 sequence."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._data: list[bytes] = []
        self._count = 0
        self._at_start = True
        self._after_cr = False

    def feed(self, frame: Frame) -> Iterator[Event]:
        """Yield the events that this frame completes; each has the frame's time."""
        if not frame.data:
            return
        if self._is_between_events and _is_one_event(frame.data):
            yield self._event(frame.at, frame.data[len(_FIELD) : -len(_BLANK_LINE)], None)
            return
        data = frame.data.removeprefix(b"\n") if self._after_cr else frame.data
        self._after_cr = data.endswith(b"\r")
        start = 0
        for end in _LINE_END.finditer(data):
            self._line += data[start : end.start()]
            start = end.end()
            if self._take_line():
                yield self._dispatch(frame.at, None)
        self._line += data[start:]

    def finish(self, at: float) -> Iterator[Event]:
        """Yield the event that the end of the body cut off, if there is one: a browser would drop it."""
        unfinished = bool(self._line) and b"data".startswith(bytes(self._line))
        self._take_line()
        if self._data:
            yield self._dispatch(at, "cut-off")
        elif unfinished:
            yield read_event(self._count + 1, at, b"", "cut-off")

    @property
    def _is_between_events(self) -> bool:
        return not (self._line or self._data or self._at_start or self._after_cr)

    def _take_line(self) -> bool:
        """Read the finished line into the event; True if it is the blank line that ends one with data."""
        line = bytes(self._line)
        self._line.clear()
        if self._at_start:
            line = line.removeprefix(_BOM)
            self._at_start = False
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        return not line and bool(self._data)

    def _dispatch(self, at: float, problem: str | None) -> Event:
        data = b"\n".join(self._data)
        self._data.clear()
        return self._event(at, data, problem)

    def _event(self, at: float, data: bytes, problem: str | None) -> Event:
        self._count += 1
        return read_event(self._count, at, data, problem)


def _is_one_event(frame: bytes) -> bool:
    """Return whether a frame is one line of data and the blank line behind it, as nearly all are."""
    return (
        frame.startswith(_FIELD)
        and frame.endswith(_BLANK_LINE)
        and frame.count(b"\n") == len(_BLANK_LINE)
        and b"\r" not in frame
    )


def read_events(frames: Iterable[Frame]) -> Iterator[Event]:
    """Yield all events of a body, numbered from 1."""
    reader = EventReader()
    at = 0.0
    for frame in frames:
        at = frame.at
        yield from reader.feed(frame)
    yield from reader.finish(at)


def read_event(number: int, at: float, data: bytes, problem: str | None = None) -> Event:
    """Return the event that holds `data`; `problem` goes before what is found in it.

    Found are, in this order: `bad-utf8`, `not-json` (JSON as `strict_json` reads it: no `NaN`), `not-object`.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        problem = problem or "bad-utf8"
    if text.strip() == "[DONE]":
        return Event(number, at, text, None, problem)
    value, flaw = _parse(text)
    return Event(number, at, text, value, problem or flaw)


def _parse(text: str) -> tuple[dict[str, Any] | None, str | None]:
    try:
        value = strict_json(text)
    except ValueError:
        return None, "not-json"
    return (value, None) if isinstance(value, dict) else (None, "not-object")
