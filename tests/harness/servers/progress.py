"""Lines about long waits: stage, elapsed time, last line of the log."""

import time
from collections.abc import Callable
from pathlib import Path

_SILENCE_S = 10.0
"""Seconds between two lines about the same stage."""
_TAIL_BYTES = 8192
_WIDEST = 100
_TRACEBACK = "Traceback (most recent call last)"
_LONGEST_TRACEBACK = 4000


class Progress:
    """Writes one line when a stage starts, one every ten seconds while it lasts, one when it ends."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._stage = ""
        self._start = self._wrote_at = time.monotonic()

    def line(self, label: str, text: str) -> None:
        """Write one finished fact, e.g. `target    process:0.32.0`."""
        self._write(f"{label:<9} {text}")

    def begin(self, stage: str, text: str = "") -> None:
        """Start a stage: `install`, `pull`, `load`, ..."""
        self._stage = stage
        self._start = self._wrote_at = time.monotonic()
        if text:
            self.line(stage, text)

    def tick(self, last: str = "") -> None:
        """Note that the stage still lasts; writes at most one line in ten seconds."""
        now = time.monotonic()
        if now - self._wrote_at >= _SILENCE_S:
            self._wrote_at = now
            note = f"   last: {last[:_WIDEST]}" if last else ""
            self.line(self._stage, f"{self.elapsed():.0f} s{note}")

    def elapsed(self) -> float:
        """Return seconds since the stage began."""
        return time.monotonic() - self._start


def last_line(path: Path) -> str:
    """Return the last line with text in the file at `path`; empty if there is none yet."""
    lines = tail(path, 1)
    return lines[0] if lines else ""


def tracebacks_since(path: Path, start: int) -> str:
    """Return what a log has said since byte `start`, from its first traceback on; empty if it has none."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    _, head, rest = text.partition(_TRACEBACK)
    return (head + rest)[:_LONGEST_TRACEBACK]


def tail(path: Path, count: int) -> list[str]:
    """Return the last `count` lines with text of a log that may be long or not there yet."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - max(_TAIL_BYTES, count * 400)))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    lines = [line.rstrip() for line in text.split("\n")]
    return [line for line in lines if line.strip()][-count:]
