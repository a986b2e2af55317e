"""The guard ends everything it looks after, whatever happens to the program that started it."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from tests.harness.servers.reaper.client import Reaper, exit_sentence
from tests.selftest.waiting import fastest, wait_until, wait_until_none

DEAF_FAMILY = textwrap.dedent("""
    import signal, subprocess, sys, time
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
    subprocess.Popen([sys.executable, "-c", deaf], start_new_session=True)
    print("up", flush=True)
    time.sleep(300)
""")


def family_of(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def test_stop_ends_children_of_children_and_removes_folders(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    reaper = Reaper(command=[sys.executable, "-c", DEAF_FAMILY], log=tmp_path / "log", folders=[folder])
    wait_until(lambda: len(family_of(reaper.pid)) == 3)
    family = family_of(reaper.pid)
    reaper.stop()
    assert not [process for process in family if process.is_running()]
    assert not folder.exists()


def test_a_stranger_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    reaper = Reaper(command=[sys.executable, "-c", DEAF_FAMILY], log=tmp_path / "log")
    wait_until(lambda: len(family_of(reaper.pid)) == 3)
    reaper.stop()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_an_exit_is_noticed_within_a_second_with_its_code(tmp_path: Path) -> None:
    def unnoticed() -> float:
        reaper = Reaper(command=[sys.executable, "-c", "import sys; sys.exit(7)"], log=tmp_path / "log")
        began = time.monotonic()
        wait_until(lambda: reaper.exit_code() is not None)
        took = time.monotonic() - began
        assert reaper.exit_code() == 7
        reaper.stop()
        return took

    assert fastest(unnoticed) < 1.0


def test_death_by_a_signal_is_told_as_one(tmp_path: Path) -> None:
    reaper = Reaper(
        command=[sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], log=tmp_path / "log"
    )
    wait_until(lambda: reaper.exit_code() is not None)
    assert exit_sentence(reaper.exit_code() or 0) == "killed by SIGKILL (9)"
    reaper.stop()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(0, "exit code 0"), (3, "exit code 3"), (-15, "killed by SIGTERM (15)"), (137, "killed by SIGKILL (9)")],
)
def test_exit_sentences(code: int, sentence: str) -> None:
    assert exit_sentence(code) == sentence


def test_secrets_do_not_reach_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = "import os; print('the key is', os.environ['SECRET'], 'indeed')"
    reaper = Reaper(
        command=[sys.executable, "-c", program],
        env={**os.environ, "SECRET": "s3cr3t-value"},
        log=log,
        mask=["SECRET"],
    )
    wait_until(lambda: reaper.exit_code() is not None)
    reaper.stop()
    assert log.read_text() == "the key is *** indeed\n"


def test_one_guard_waits_for_another(tmp_path: Path) -> None:
    """What a killed program's command still writes is removed too: the folder goes after the command."""
    folder = tmp_path / "staging"
    writer = f"import os, time\nwhile True:\n    os.makedirs({str(folder)!r}, exist_ok=True)\n    time.sleep(0.001)\n"
    starter = subprocess.Popen(
        [sys.executable, "-c", TWO_GUARDS, str(folder), writer], stdout=subprocess.PIPE
    )
    assert starter.stdout is not None
    starter.stdout.readline()
    wait_until(folder.exists)
    starter.kill()
    starter.wait()
    wait_until(lambda: not folder.exists())
    time.sleep(0.5)
    assert not folder.exists()


TWO_GUARDS = """
import sys, time
from pathlib import Path
keeper = Guard(folders=[Path(sys.argv[1])])
writer = Guard(command=[sys.executable, "-c", sys.argv[2]], before=keeper)
print("up", flush=True)
time.sleep(60)
"""

STARTER = """
import sys, time
from pathlib import Path
program, log, folder = map(Path, sys.argv[1:])
guard = Guard(command=[sys.executable, "-c", program.read_text()], log=log, folders=[folder])
print(guard.pid, flush=True)
{then}
time.sleep(300)
"""


def start(tmp_path: Path, then: str = "") -> tuple[subprocess.Popen[str], int, Path]:
    program, folder = tmp_path / "family.py", tmp_path / "scratch"
    program.write_text(DEAF_FAMILY)
    folder.mkdir(exist_ok=True)
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER.format(then=then), str(program), str(tmp_path / "log"), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    return starter, int(starter.stdout.readline()), folder


def test_sigkill_of_the_starter_leaves_nothing(tmp_path: Path) -> None:
    starter, guard_pid, folder = start(tmp_path)
    wait_until(lambda: len(family_of(guard_pid)) == 3)
    family = family_of(guard_pid)
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    wait_until_none(lambda: [process for process in family if process.is_running()])
    assert not folder.exists()


def test_a_kept_server_outlives_its_starter_until_sigterm(tmp_path: Path) -> None:
    starter, guard_pid, folder = start(tmp_path, then="guard.keep(); sys.exit()")
    starter.wait()
    wait_until(lambda: len(family_of(guard_pid)) == 3)
    time.sleep(0.5)
    family = family_of(guard_pid)
    assert len(family) == 3
    assert folder.exists()
    os.kill(guard_pid, signal.SIGTERM)
    wait_until_none(lambda: [process for process in family if process.is_running()])
    assert not folder.exists()


def test_killing_the_guard_itself_ends_the_command(tmp_path: Path) -> None:
    program = "import time; time.sleep(300)"
    reaper = Reaper(command=[sys.executable, "-c", program], log=tmp_path / "log")
    wait_until(lambda: len(family_of(reaper.pid)) == 2)
    command = family_of(reaper.pid)[1]
    os.kill(reaper.pid, signal.SIGKILL)
    wait_until(lambda: not command.is_running() or command.status() == psutil.STATUS_ZOMBIE)
    wait_until(lambda: reaper.exit_code() is not None)
    assert exit_sentence(reaper.exit_code() or 0) == "killed by SIGKILL (9)"
