"""Waiting for what happens beside a test: never for a span that is guessed, as a busy machine takes longer."""

import time
from collections.abc import Callable, Collection


def wait_until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)


def fastest(measure: Callable[[], float], tries: int = 3) -> float:
    """The least of some seconds that were measured: what a busy machine adds is not what is asked for."""
    return min(measure() for _ in range(tries))


def wait_until_none(left: Callable[[], Collection[object]], seconds: float = 15.0) -> None:
    """What is left when the time is up is shown."""
    deadline = time.monotonic() + seconds
    while found := left():
        assert time.monotonic() < deadline, f"left after {seconds} s: {found}"
        time.sleep(0.02)
