"""How much of an answer is recorded, and how long it may take: enforced here, whatever the server does."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of one exchange; the first that is reached ends it."""

    max_bytes: int = 16 * 1024 * 1024
    """Bytes of the decoded body."""
    max_frames: int = 100_000
    """Pieces in which the body arrives."""
    max_parse_cost: int = 400_000
    """Line ends and opening brackets in it: each becomes an object of a hundred times its size."""
    total_s: float = 120.0
    """Seconds from handing over the request to the end of the body."""
    silence_s: float = 60.0
    """Seconds without a single byte; also the longest wait for a connection."""


class LimitError(Exception):
    """The server gave more, or took longer, than the limits allow; the message says which of them."""


class Deadline:
    """The clock of one exchange: how long the next wait may last."""

    def __init__(self, limits: Limits) -> None:
        """Start the clock."""
        self._limits = limits
        self._end = time.perf_counter() + limits.total_s

    def wait_s(self) -> float:
        """Return seconds that the next wait may last. Raises LimitError once the total is over."""
        left = self._end - time.perf_counter()
        if left <= 0:
            raise LimitError(f"the answer did not end within {self._limits.total_s:g} s in total")
        return min(left, self._limits.silence_s)

    def missed(self) -> LimitError:
        """Return the limit that a wait of `wait_s` ran into."""
        try:
            self.wait_s()
        except LimitError as reached:
            return reached
        return LimitError(f"not a byte for {self._limits.silence_s:g} s")
