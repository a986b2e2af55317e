"""A client that does not read for a while: it loses nothing, and nobody waits for it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.harness.core.http.limits import Limits
from tests.harness.core.http.open_response import BROKEN, describe_error
from tests.harness.core.printable import truncated
from tests.harness.core.records.exchange import Frame
from tests.harness.core.records.finding import Finding
from tests.harness.judging.checks.load.rules import SLOW_READER
from tests.harness.recording.sse import read_events
from tests.harness.suites.load.raw_client import RawClient
from tests.harness.suites.load.streams import Stream

HEAVY = {"logprobs": True, "top_logprobs": 20}
"""Makes each event kilobytes large, so that what is not read fills the buffers and the server has to wait."""
LARGEST_RATIO, SLACK_S = 3.0, 2.0
"""Beside a slow reader others may take so many times as long as without it, and some seconds more."""


@dataclass(frozen=True)
class SlowRead:
    """What came to a client that paused."""

    text: str
    error: str
    done: bool
    paused_s: float
    bytes_after: int
    """Bytes that it read after the pause."""


def read_slowly(
    client: RawClient, body: dict[str, Any], limits: Limits, pause: Callable[[], None]
) -> SlowRead:
    """Read one piece, let `pause` do other things, then read the rest."""
    pieces: list[bytes] = []
    error, paused_s = "", 0.0
    try:
        with client.open(body, limits) as answer:
            for piece in answer.pieces:
                pieces.append(piece)
                if len(pieces) == 1:
                    began = time.monotonic()
                    pause()
                    paused_s = time.monotonic() - began
    except BROKEN as broken:
        error = describe_error(broken)
    events = list(read_events([Frame(0.0, piece) for piece in pieces]))
    text = "".join(_content(event.json) for event in events if event.json)
    after = sum(map(len, pieces[1:]))
    return SlowRead(text, error, any(event.is_done for event in events), paused_s, after)


def judge_slow_read(
    read: SlowRead, wanted: str, alone: Sequence[Stream], beside: Sequence[Stream]
) -> list[Finding]:
    """`alone` and `beside`: the same requests of others without the slow reader and during its pause."""
    findings = []
    if read.error or not read.done or read.text != wanted:
        said = "A client that reads slowly does not get the whole text."
        got = read.error or f"{len(read.text)} characters, ending with {truncated(repr(read.text[-40:]))}"
        expected = f"all {len(wanted)} characters and [DONE]"
        findings.append(SLOW_READER.finding("text-lost", said, expected, got))
    usual, now = _slowest(alone), _slowest(beside)
    most = LARGEST_RATIO * usual + SLACK_S
    if now > most or any(stream.failed for stream in beside):
        said = "Other clients wait for one that reads slowly."
        failed = sum(stream.failed for stream in beside)
        got = f"{now:.1f} s, {failed} of {len(beside)} failed; without it {usual:.1f} s"
        findings.append(SLOW_READER.finding("others-wait", said, f"at most {most:.1f} s, none failed", got))
    return findings


def _slowest(streams: Sequence[Stream]) -> float:
    return max((stream.took_s for stream in streams), default=0.0)


def _content(chunk: dict[str, Any]) -> str:
    match chunk:
        case {"choices": [{"delta": {"content": str(text)}}, *_]}:
            return text
    return ""
