"""How fast the engine talks: as fast as the API server follows, unless it is told to run free.

An engine that is quicker than its API server makes deltas merge: what the server has not sent when the next tokens come
goes out with them. So a step waits until all that was said before has been dealt with, as the states of the processes'
threads show: each hand-over wakes the next thread before the one before it sleeps.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

VARIABLE = "SCRIPTED_ENGINE_PACE"
FOLLOW, FREE = "follow", "free"
LONGEST_S = 5.0
"""A server that is busy with something else all the time is not waited for."""
_LOOK_S = 0.0001
_RUNNING = {"R", "D"}
"""States of a thread that runs, waits for a core, or for a disk (proc(5))."""
_PROC = Path("/proc")


class Pace:
    """Waits before each step until nobody is busy with the one before."""

    def __init__(
        self, is_busy: Callable[[], bool] | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`is_busy` says whether something that was said is still on its way; None: nobody is waited for."""
        self._is_busy = is_busy
        self._clock = clock

    @classmethod
    def from_environment(cls) -> "Pace":
        """Return the pace that the environment asks for. Raises ValueError for another word than the two."""
        word = os.environ.get(VARIABLE, FOLLOW)
        if word not in {FOLLOW, FREE}:
            raise ValueError(f"{VARIABLE}={word!r}: known are {FOLLOW} (the API server's pace) and {FREE}")
        return cls(Followed().is_busy if word == FOLLOW else None)

    def wait(self) -> None:
        """Sleep until what was said before is dealt with."""
        if self._is_busy is None:
            return
        end = self._clock() + LONGEST_S
        while self._is_busy() and self._clock() < end:
            time.sleep(_LOOK_S)


class Followed:
    """The threads that hand on what the engine says: this process's others, those of its parent and of its siblings."""

    def is_busy(self) -> bool:
        """Return whether one of them runs; they are looked at in the order in which they hand on."""
        return any(state in _RUNNING for state in self._states())

    def _states(self) -> Iterator[str]:
        me, mine, parent = os.getpid(), threading.get_native_id(), os.getppid()
        yield from _states_of(me, leave_out=mine)
        yield from _states_of(parent)
        for sibling in _children_of(parent):
            if sibling != me:
                yield from _states_of(sibling)


def _states_of(process: int, leave_out: int = 0) -> Iterator[str]:
    """Yield the state of each thread of a process, the main one last: that is where the others hand to."""
    threads = sorted(
        (int(name) for name in _names(_PROC / str(process) / "task")), key=lambda one: one == process
    )
    for thread in threads:
        if thread != leave_out:
            yield _state(_PROC / str(process) / "task" / str(thread) / "stat")


def _children_of(process: int) -> Iterable[int]:
    try:
        return [int(word) for word in (_PROC / f"{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []  # a kernel without that list, or a process that ends


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []  # it has ended


def _state(file: Path) -> str:
    try:
        # The name of the thread stands in brackets before it, and may hold anything.
        return file.read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""  # it has ended
