"""A launch's folder for temporary files is never left, whenever the program that makes it is killed."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.reaper.client import Reaper
from tests.harness.servers.target_strings import parse_target
from tests.selftest.waiting import wait_until

KILLED_WITHIN = """
import os, signal, sys, tempfile
from pathlib import Path
from tests.selftest.servers.test_provider import request_in
with request_in(Path(sys.argv[1])).scratch() as folder:
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def request_in(folder: Path) -> LaunchRequest:
    tempfile.tempdir = str(folder)
    target, profile = parse_target("process:0.32.0"), load_profile("fixture")
    return LaunchRequest(target, profile, folder / "server.log", folder, Progress(print))


@pytest.fixture
def request_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], LaunchRequest]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return lambda: request_in(tmp_path)


def test_a_program_that_is_killed_before_the_server_has_a_reaper_leaves_no_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WITHIN, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode < 0
    folder = Path(done.stdout.strip())
    assert folder.parent == tmp_path
    wait_until(lambda: not folder.exists())


def test_what_a_failed_launch_has_made_is_gone(request_for: Callable[[], LaunchRequest]) -> None:
    with pytest.raises(KeyError), request_for().scratch() as folder:  # noqa: PT012 the block is what is tested
        (folder / "file").write_text("x")
        raise KeyError
    assert not folder.exists()


def test_behind_the_block_the_folder_is_the_reaper_s_of_the_server(
    request_for: Callable[[], LaunchRequest],
) -> None:
    with request_for().scratch() as folder:
        reaper = Reaper(folders=[folder])
    assert folder.is_dir()
    reaper.stop()
    assert not folder.exists()


def test_two_launches_of_a_session_have_two_folders(request_for: Callable[[], LaunchRequest]) -> None:
    request = request_for()
    with request.scratch() as first, request.scratch() as second:
        assert first != second
