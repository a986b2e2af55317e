"""What a server says of itself while it is under load."""

import re
import time
from collections.abc import Callable

import psutil

from tests.harness.core.http.ask import OK, NoAnswer, ask
from tests.harness.core.records.load import Busy

_GAUGE = re.compile(rb"^vllm:num_requests_(running|waiting)(?:\{[^}]*\})?\s+([0-9.eE+]+)\s*$", re.MULTILINE)
_ANSWER_S = 10.0
_POLL_S = 0.1
_MB = 1024 * 1024


def busy_of(base_url: str, api_key: str | None) -> Busy | None:
    """Return what `/metrics` says; None where it says nothing of the kind. Raises NoAnswer."""
    answer = ask(base_url, "/metrics", _ANSWER_S, api_key=api_key)
    counts = {b"running": 0.0, b"waiting": 0.0}
    gauges = _GAUGE.findall(answer.body) if answer.status == OK else []
    for name, value in gauges:
        counts[name] += float(value)
    return Busy(int(counts[b"running"]), int(counts[b"waiting"])) if gauges else None


def settled(look: Callable[[], Busy | None], most: int, within_s: float) -> tuple[Busy | None, float]:
    """Wait until the server has at most so many requests; return what it has then, and how long that took."""
    start = time.monotonic()
    while True:
        busy = look()
        seconds = time.monotonic() - start
        if busy is None or busy.all <= most or seconds > within_s:
            return busy, seconds
        time.sleep(_POLL_S)


def own_memory_mb() -> float:
    """Return what this program takes now."""
    return float(psutil.Process().memory_info().rss / _MB)


def answers_health(base_url: str, within_s: float) -> float | None:
    """Return seconds that `/health` took; None if it did not answer in time."""
    start = time.perf_counter()
    try:
        answer = ask(base_url, "/health", within_s)
    except NoAnswer:
        return None
    return time.perf_counter() - start if answer.status == OK else None
