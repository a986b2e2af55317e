"""A client that does not read for a while: it loses nothing, and nobody waits for it."""

import time
from collections.abc import Callable
from typing import Any

from tests.harness.core.http.limits import Limits
from tests.harness.core.http.open_response import BROKEN, describe_error
from tests.harness.core.records.exchange import Frame
from tests.harness.core.records.load import SlowRead
from tests.harness.recording.sse import read_events
from tests.harness.suites.load.raw_client import RawClient

HEAVY = {"logprobs": True, "top_logprobs": 20}
"""Makes each event kilobytes large, so that what is not read fills the buffers and the server has to wait."""


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
                    start = time.monotonic()
                    pause()
                    paused_s = time.monotonic() - start
    except BROKEN as broken:
        error = describe_error(broken)
    events = list(read_events([Frame(0.0, piece) for piece in pieces]))
    text = "".join(_content(event.json) for event in events if event.json)
    after = sum(map(len, pieces[1:]))
    return SlowRead(text, error, any(event.is_done for event in events), paused_s, after)


def _content(chunk: dict[str, Any]) -> str:
    match chunk:
        case {"choices": [{"delta": {"content": str(text)}}, *_]}:
            return text
    return ""
