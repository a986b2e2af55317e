"""What the processes of a server on this machine take, seen from outside."""

import contextlib
from urllib.parse import urlsplit

import psutil

from tests.harness.core.records.load import Footprint

_MB = 1024 * 1024


def footprint_at(base_url: str) -> Footprint | None:
    """Return what the process takes that listens at a URL of this machine, with its children; None: it is not seen."""
    port = urlsplit(base_url).port
    server = None if port is None else _listener(port)
    if server is None:
        return None
    memory, files = 0, 0
    with contextlib.suppress(psutil.Error):
        for process in [server, *server.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                memory += process.memory_info().rss
                files += process.num_fds()
    return Footprint(memory / _MB, files) if memory else None


def _listener(port: int) -> psutil.Process | None:
    try:
        connections = psutil.net_connections("inet")
    except psutil.Error:
        return None
    pids = [
        entry.pid
        for entry in connections
        if entry.status == psutil.CONN_LISTEN and entry.laddr and entry.laddr.port == port
    ]
    with contextlib.suppress(psutil.Error):
        return next((psutil.Process(pid) for pid in pids if pid), None)
    return None
