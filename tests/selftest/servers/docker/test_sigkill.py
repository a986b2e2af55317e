"""SIGKILL of the suite, at twenty moments of a launch: no container, volume or guard is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import docker
import psutil
import pytest

from tests.selftest.servers.docker.orders import traces, volumes
from tests.selftest.waiting import wait_until

KILLS = 20
STEP_S = 0.09
"""The launch of the stand-in takes a second and a half: moments spread over it and beyond."""
LAUNCHER = """
import sys, time
from pathlib import Path
from docker.models.containers import Container
from tests.harness.servers.launch import launch
from tests.selftest.servers.docker.orders import order_for
order = order_for(sys.argv[1], Path(sys.argv[2]))
print(order.session, flush=True)
if sys.argv[3] == "before start":
    Container.start = lambda *_, **__: (print("created", flush=True), time.sleep(60))
launch(order, 30)
print("ready", flush=True)
time.sleep(60)
"""


def start(image: str, folder: Path, stop_at: str = "") -> tuple["subprocess.Popen[str]", str]:
    words = [sys.executable, "-c", LAUNCHER, image, str(folder), stop_at]
    launcher = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    return launcher, launcher.stdout.readline().strip()


def guards(session: str) -> list[psutil.Process]:
    return [
        one
        for one in psutil.process_iter(["cmdline"])
        if any(session in word for word in one.info["cmdline"] or ())
    ]


def kill_and_look(
    engine: docker.DockerClient, launcher: "subprocess.Popen[str]", session: str, before: set[str]
) -> None:
    os.kill(launcher.pid, signal.SIGKILL)
    launcher.wait()
    wait_until(lambda: not guards(session), 30)
    assert traces(engine, session) == []
    assert volumes(engine) <= before


@pytest.mark.parametrize("attempt", range(KILLS))
def test_sigkill_leaves_nothing(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path, attempt: int
) -> None:
    before = volumes(engine)
    launcher, session = start(serve_image, tmp_path)
    time.sleep(attempt * STEP_S)
    kill_and_look(engine, launcher, session, before)


def test_sigkill_between_create_and_start(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    before = volumes(engine)
    launcher, session = start(serve_image, tmp_path, "before start")
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "created\n"
    assert len(traces(engine, session)) == 1
    kill_and_look(engine, launcher, session, before)


def test_sigkill_of_a_ready_server_s_suite(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    before = volumes(engine)
    launcher, session = start(serve_image, tmp_path)
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "ready\n"
    kill_and_look(engine, launcher, session, before)
