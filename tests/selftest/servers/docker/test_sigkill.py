"""SIGKILL of the suite, at twenty moments of a launch without a GPU: no container, volume, reaper or folder is left."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docker
import psutil
import pytest

from tests.selftest.servers.docker.launch_requests import traces, volumes
from tests.selftest.waiting import wait_until

KILLS = 20
AT_ONCE = 4
STEP_S = 0.15
"""Of four at once the launch of a stand-in takes two to three seconds: moments spread over it."""
LAUNCHER = """
import sys, time
from pathlib import Path
from docker.models.containers import Container
from tests.harness.servers.launch import launch
from tests.selftest.servers.docker.launch_requests import request_for
request = request_for(sys.argv[1], Path(sys.argv[2]))
print(request.session, flush=True)
if sys.argv[3] == "before start":
    Container.start = lambda *_, **__: (print("created", flush=True), time.sleep(60))
launch(request, 30)
print("ready", flush=True)
time.sleep(60)
"""


def start(image: str, folder: Path, stop_at: str = "") -> tuple["subprocess.Popen[str]", str]:
    words = [sys.executable, "-c", LAUNCHER, image, str(folder), stop_at]
    launcher = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    return launcher, launcher.stdout.readline().strip()


def reapers(session: str) -> list[psutil.Process]:
    return [
        one
        for one in psutil.process_iter(["cmdline"])
        if any(session in word for word in one.info["cmdline"] or ())
    ]


def kill_and_look(engine: docker.DockerClient, launcher: "subprocess.Popen[str]", session: str) -> list[str]:
    """Kill the suite, and return what is left of it once its reaper has gone."""
    os.kill(launcher.pid, signal.SIGKILL)
    launcher.wait()
    wait_until(lambda: not reapers(session), 30)
    folders = Path(tempfile.gettempdir()).glob(f"xlam-gate-{session}-*")
    return [*traces(engine, session), *map(str, folders)]


@pytest.fixture(scope="module")
def killed(
    engine: docker.DockerClient, serve_image: str, tmp_path_factory: pytest.TempPathFactory
) -> list[list[str]]:
    """What each kill left, and all of them together; some launches at a time, as they mostly wait."""

    def kill(attempt: int) -> list[str]:
        folder = tmp_path_factory.getbasetemp() / f"killed-{attempt}"
        launcher, session = start(f"{serve_image}[gpu=none]", folder)
        time.sleep(attempt * STEP_S)
        return kill_and_look(engine, launcher, session)

    before = volumes(engine)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        left = list(pool.map(kill, range(KILLS)))
    return [*left, sorted(volumes(engine) - before)]


@pytest.mark.parametrize("attempt", range(KILLS))
def test_sigkill_leaves_nothing(killed: list[list[str]], attempt: int) -> None:
    assert killed[attempt] == []


def test_sigkill_leaves_no_volume(killed: list[list[str]]) -> None:
    assert killed[KILLS] == []


def test_sigkill_between_create_and_start(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    before = volumes(engine)
    launcher, session = start(serve_image, tmp_path, "before start")
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "created\n"
    assert len(traces(engine, session)) == 1
    assert kill_and_look(engine, launcher, session) == []
    assert volumes(engine) <= before


def test_sigkill_of_a_ready_server_s_suite(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    before = volumes(engine)
    launcher, session = start(serve_image, tmp_path)
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "ready\n"
    assert kill_and_look(engine, launcher, session) == []
    assert volumes(engine) <= before
