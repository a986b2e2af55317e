"""How fast the engine talks: as the API server follows."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.scripted_engine.scripted_engine.pace import LONGEST_S, VARIABLE, Followed, Pace, Threads
from tests.selftest.waiting import wait_until

BUSY, IDLE = "while True: pass", "import time; time.sleep(600)"


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[int]:
    """The number of a process that runs some Python."""
    started = subprocess.Popen([sys.executable, "-c", request.param])
    yield started.pid
    started.kill()
    started.wait()


def states_of(process: int) -> list[bytes]:
    threads = Threads(process)
    threads.list()
    return states_in(threads)


def states_in(threads: Threads) -> list[bytes]:
    return list(filter(None, map(threads.state, threads.names())))


@pytest.mark.parametrize("program", [BUSY], indirect=True)
def test_a_thread_that_works_is_seen(program: int) -> None:
    wait_until(lambda: states_of(program) == [b"R"])


@pytest.mark.parametrize("program", [IDLE], indirect=True)
def test_a_thread_that_waits_is_seen(program: int) -> None:
    wait_until(lambda: states_of(program) == [b"S"])


def test_a_process_that_has_ended_is_nobody() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert states_of(ended.pid) == []


@pytest.mark.parametrize("program", [BUSY], indirect=True)
def test_a_process_that_ends_between_two_looks_is_nobody(program: int) -> None:
    threads = Threads(program)
    threads.list()
    assert len(states_in(threads)) == 1
    os.kill(program, signal.SIGKILL)
    os.waitpid(program, 0)
    assert states_in(threads) == []
    threads.list()
    assert states_in(threads) == []


def test_a_thread_that_begins_is_seen_when_they_are_listed_again() -> None:
    ended = threading.Event()
    threads = Threads(os.getpid())
    threads.list(leave_out=threading.get_native_id())
    before = len(states_in(threads))
    later = threading.Thread(target=ended.wait)
    later.start()
    threads.list(leave_out=threading.get_native_id())
    after = len(states_in(threads))
    ended.set()
    later.join()
    assert after == before + 1


def test_they_are_looked_at_by_age_and_the_main_one_last() -> None:
    ended = threading.Event()
    later = [threading.Thread(target=ended.wait) for _ in range(8)]
    for thread in later:
        thread.start()
    threads = Threads(os.getpid())
    threads.list()
    *others, last = map(int, threads.names())
    ended.set()
    for thread in later:
        thread.join()
    assert last == os.getpid()
    assert others == sorted(others)
    assert len(others) >= len(later)


def test_the_one_that_ran_last_is_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """And when it sleeps, all are looked at again."""
    looked: list[str] = []
    running = {"2"}

    def state(_: Threads, name: str) -> bytes:
        looked.append(name)
        return b"R" if name in running else b"S"

    monkeypatch.setattr(Threads, "names", lambda _: iter(["1", "2", "3"]))
    monkeypatch.setattr(Threads, "state", state)
    followed = Followed()
    followed._list = lambda: followed._processes.setdefault(1, Threads(1))  # type: ignore[method-assign]
    assert [followed.is_busy(), followed.is_busy()] == [True, True]
    assert looked == ["1", "2", "2"]
    running.clear()
    assert not followed.is_busy()
    assert looked[3:] == ["2", "1", "2", "3"]


def test_one_s_own_thread_does_not_count() -> None:
    code = (
        "from unittest import mock; from tests.scripted_engine.scripted_engine.pace import Followed\n"
        "with mock.patch('os.getppid', lambda: 0): print(Followed().is_busy())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_step_waits_as_long_as_somebody_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    busy = iter([True, True, True, False])
    Pace(lambda: next(busy)).wait()
    assert len(slept) == 3


def test_a_server_that_is_always_busy_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr("time.sleep", sleep)
    Pace(lambda: True, lambda: now[0]).wait()
    assert now[0] == pytest.approx(LONGEST_S, abs=0.01)


def test_told_to_run_free_it_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "free")
    monkeypatch.setattr(Followed, "is_busy", lambda _: pytest.fail("it was looked for"))
    Pace.from_environment().wait()


@pytest.mark.parametrize("word", ["fast", "0", ""])
def test_another_word_is_refused(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, word)
    with pytest.raises(ValueError, match=f"{VARIABLE}='{word}': known are follow"):
        Pace.from_environment()
