"""What a server says of itself, and what can be seen of its processes from outside."""

import contextlib
import re
import time
from collections.abc import Callable

import psutil

from tests.harness.core.http.ask import OK, NoAnswer, ask
from tests.harness.core.records.load import Busy, Footprint

_GAUGE = re.compile(rb"^vllm:num_requests_(running|waiting)(?:\{[^}]*\})?\s+([0-9.eE+]+)\s*$", re.MULTILINE)
_ANSWER_S = 10.0
_POLL_S = 0.1
_MB = 1024 * 1024


def busy_of(base_url: str, api_key: str | None) -> Busy | None:
    """What `/metrics` says; None where it says nothing of the kind. Raises NoAnswer."""
    answer = ask(base_url, "/metrics", _ANSWER_S, api_key=api_key)
    counts = {b"running": 0.0, b"waiting": 0.0}
    found = _GAUGE.findall(answer.body) if answer.status == OK else []
    for name, value in found:
        counts[name] += float(value)
    return Busy(int(counts[b"running"]), int(counts[b"waiting"])) if found else None


def settled(look: Callable[[], Busy | None], most: int, within_s: float) -> tuple[Busy | None, float]:
    """Wait until the server has at most so many requests; what it has then, and how long that took."""
    began = time.monotonic()
    while True:
        busy = look()
        took = time.monotonic() - began
        if busy is None or busy.all <= most or took > within_s:
            return busy, took
        time.sleep(_POLL_S)


def footprint_of(port: int) -> Footprint | None:
    """Of the process that listens on a port of this machine and of its children; None if it cannot be seen."""
    server = _listener(port)
    if server is None:
        return None
    memory, files = 0, 0
    with contextlib.suppress(psutil.Error):
        for process in [server, *server.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                memory += process.memory_info().rss
                files += process.num_fds()
    return Footprint(memory / _MB, files) if memory else None


def own_memory_mb() -> float:
    """What this program takes now."""
    return float(psutil.Process().memory_info().rss / _MB)


def answers_health(base_url: str, within_s: float) -> float | None:
    """Seconds that `/health` took; None if it did not answer in time."""
    began = time.perf_counter()
    try:
        answer = ask(base_url, "/health", within_s)
    except NoAnswer:
        return None
    return time.perf_counter() - began if answer.status == OK else None


def _listener(port: int) -> psutil.Process | None:
    try:
        found = psutil.net_connections("inet")
    except psutil.Error:
        return None
    pids = [
        entry.pid
        for entry in found
        if entry.status == psutil.CONN_LISTEN and entry.laddr and entry.laddr.port == port
    ]
    with contextlib.suppress(psutil.Error):
        return next((psutil.Process(pid) for pid in pids if pid), None)
    return None
