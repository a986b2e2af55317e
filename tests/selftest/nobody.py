"""An address where nobody answers, and where no server of a test that runs beside can come up meanwhile."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nobody() -> Iterator[str]:
    """A port that is taken, so that no server gets it, and refuses whoever connects, as nobody listens at it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
