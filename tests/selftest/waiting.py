"""Waiting for what happens beside a test: never for a span that is guessed, as a busy machine takes longer."""

import time
from collections.abc import Callable, Collection


def wait_until(
    condition: Callable[[], object], seconds: float = 15.0, shown: Callable[[], object] = lambda: ""
) -> None:
    """`shown` is told when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s; {shown()}"
        time.sleep(0.02)


def wait_until_none(left: Callable[[], Collection[object]], seconds: float = 15.0) -> None:
    """What is left when the time is up is shown."""
    wait_until(lambda: not left(), seconds, shown=left)


def fastest(measure: Callable[[], float], tries: int = 3) -> float:
    """The least of some seconds that were measured: what a busy machine adds is not what is asked for."""
    return min(measure() for _ in range(tries))
