"""A free port on the loopback interface."""

import socket


def free_port() -> int:
    """A port that nobody listens on right now; the server binds it a moment later."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
