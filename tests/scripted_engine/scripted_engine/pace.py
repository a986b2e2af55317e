"""How fast the engine talks: as fast as the API server follows, unless it is told to run free.

An engine that is quicker than its API server makes deltas merge: what the server has not sent when the next tokens come
goes out with them. So a step waits until all that was said before has been dealt with, as the states of the processes'
threads show: each hand-over wakes the next thread before the one before it sleeps.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

VARIABLE = "SCRIPTED_ENGINE_PACE"
FOLLOW, FREE = "follow", "free"
LONGEST_S = 5.0
"""A server that is busy with something else all the time is not waited for."""
_LOOK_S = 0.0001
_LIST_S = 0.05
"""A thread that has begun since may be missed for so long; most are there from the start."""
_RUNNING = {b"R", b"D"}
"""States of a thread that runs, waits for a core, or for a disk (proc(5))."""


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
    """The threads that hand on what the engine says: this process's others, those of its parent and of its siblings.

    They are looked at a hundred times a request, and a look costs more than most of what a step does: their files stay
    open, they are listed now and then, and the one that ran last is looked at first, as it mostly still runs.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Find nobody yet."""
        self._clock = clock
        self._listed = float("-inf")
        self._processes: dict[int, Threads] = {}
        self._ran: tuple[Threads, str] | None = None
        """Who was running at the last look."""

    def is_busy(self) -> bool:
        """Return whether one of them runs; they are looked at in the order in which they hand on."""
        if self._ran is not None and _runs(*self._ran):
            return True
        if self._clock() - self._listed > _LIST_S:
            self._list()
        all_of_them = ((threads, name) for threads in self._processes.values() for name in threads.names())
        self._ran = next((one for one in all_of_them if _runs(*one)), None)
        return self._ran is not None

    def _list(self) -> None:
        me, parent = os.getpid(), os.getppid()
        for process in (me, parent, *_children_of(parent)):
            threads = self._processes.setdefault(process, Threads(process))
            threads.list(leave_out=threading.get_native_id())
        self._listed = self._clock()


class Threads:
    """Those of a process in the order in which they hand on: by age, and the main one last.

    A thread that sends starts the one that writes to its socket. Looked at the other way round, one could hand on to
    another that was found asleep a moment before, and sleep itself when it is looked at.
    """

    def __init__(self, process: int) -> None:
        """Take the number of a process."""
        self._process = process
        self._tasks = f"/proc/{process}/task"
        self._files: dict[str, int] = {}

    def list(self, leave_out: int = 0) -> None:
        """Open the files of the threads that have begun, and close those of the ones that have ended.

        `leave_out`: a thread that does not count.
        """
        names = _names(self._tasks) - {str(leave_out)}
        for name in self._files.keys() - names:
            os.close(self._files.pop(name))
        for name in names - self._files.keys():
            with suppress(OSError):  # it has ended
                self._files[name] = os.open(f"{self._tasks}/{name}/stat", os.O_RDONLY | os.O_CLOEXEC)
        self._files = dict(sorted(self._files.items(), key=self._turn))

    def _turn(self, named: tuple[str, int]) -> tuple[bool, int]:
        number = int(named[0])
        return number == self._process, number

    def names(self) -> Iterator[str]:
        """Yield the numbers of those that were there when they were listed."""
        yield from self._files

    def state(self, name: str) -> bytes:
        """Return the state of one, as proc(5) has it; nothing of one that has ended."""
        with suppress(KeyError, OSError):
            # The name of the thread stands in brackets before it, and may hold anything.
            return os.pread(self._files[name], 512, 0).rpartition(b") ")[2][:1]
        return b""


def _runs(threads: Threads, name: str) -> bool:
    return threads.state(name) in _RUNNING


def _children_of(process: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []  # a kernel without that list, or a process that ends


def _names(folder: str) -> set[str]:
    try:
        return set(os.listdir(folder))  # noqa: PTH208 - ten times as quick
    except OSError:
        return set()  # it has ended
