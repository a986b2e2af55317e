"""How long and how large an answer may be, and when so much was waited in vain that the run is given up."""

import threading
import time
from typing import Any

from tests.harness.core.http.limits import Limits

SILENCE_SHARE = 0.6
"""Of the whole time, without a byte: a busy CPU lets an answer wait; a server that hangs is given up all the same."""
USUAL_TOKENS = 7500
"""An answer of more tokens gets more time: 0.04 s a token where an answer may take 300 s."""
IN_VAIN = 3
"""Answers' worth of time that broken ones may take, all together."""
_BYTES, _BYTES_A_TOKEN = 2 * 1024**2, 2 * 1024
_FRAMES, _FRAMES_A_TOKEN = 20_000, 8
_MARKS, _MARKS_A_TOKEN = 40_000, 40
"""Ten times what a correct server needs: what is beyond is no answer to the request any more."""


class TimeBudget:
    """Of a session with one deployment; may be used by several threads at once."""

    def __init__(self, answer_s: float) -> None:
        """Take the seconds that a usual answer may take."""
        self._answer_s = answer_s
        self._in_vain = 0.0
        self._counted_until = 0.0
        self._last = ""
        self._lock = threading.Lock()

    def limits(self, body: dict[str, Any]) -> Limits:
        """Return the bounds of the answer to a request; by its tokens, if it says how many it wants."""
        tokens = body.get("max_tokens") or 0
        total_s = self._answer_s * max(1.0, tokens / USUAL_TOKENS)
        # An answer that is not streamed, or that a parser holds back, is silent until its end.
        silence_s = max(self._answer_s * SILENCE_SHARE, self._answer_s * tokens / USUAL_TOKENS)
        if not tokens:
            return Limits(total_s=total_s, silence_s=silence_s)
        written = tokens * (body.get("n") or 1) * (1 + (body.get("top_logprobs") or 0))
        return Limits(
            max_bytes=_BYTES + _BYTES_A_TOKEN * written,
            max_frames=_FRAMES + _FRAMES_A_TOKEN * written,
            max_parse_cost=_MARKS + _MARKS_A_TOKEN * written,
            total_s=total_s,
            silence_s=silence_s,
        )

    def charge(self, start: float, what: str) -> None:
        """Count an answer that broke off; side by side, time counts once. `start`: when, of `time.monotonic`."""
        with self._lock:
            now = time.monotonic()
            self._in_vain += now - min(now, max(start, self._counted_until))
            self._counted_until = now
            self._last = what

    @property
    def exhausted(self) -> str:
        """Return why nothing more is asked; empty while there is time left."""
        if self._in_vain < IN_VAIN * self._answer_s:
            return ""
        return (
            f"{self._in_vain:.0f} s were spent on answers that broke off or did not end, so no more are asked for"
            f" (the end is at {IN_VAIN} times --answer-timeout {self._answer_s:g}); the last one: {self._last}"
        )
