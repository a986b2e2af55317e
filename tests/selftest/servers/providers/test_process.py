"""The process target, with real processes: start, failure, death, SIGKILL; and nothing left behind."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.launch import launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.providers import process
from tests.harness.servers.readiness import await_ready
from tests.harness.servers.reused import find_reused
from tests.harness.servers.target_strings import parse_target
from tests.selftest.standin import standin_python
from tests.selftest.waiting import fastest, wait_until_none

KILLS = 20


def request_for(python: Path, folder: Path, write=lambda _: None) -> LaunchRequest:
    folder.mkdir(exist_ok=True)
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    target = parse_target(f"process:{python}")
    return LaunchRequest(target, load_profile("fixture"), folder / "server.log", cache, Progress(write))


def traces(request: LaunchRequest) -> list[str]:
    """What is left of a launch: processes that have its session's folder in their environment, and the folder."""
    name = f"xlam-gate-{request.session}-"
    found = [f"folder {path}" for path in Path("/tmp").glob(f"{name}*")]
    for running in psutil.process_iter():
        try:
            if any(name in value for value in running.environ().values()):
                found.append(f"process {running}")
        except psutil.Error:
            continue
    return found


def test_a_server_comes_up_and_leaves_nothing(tmp_path: Path) -> None:
    lines: list[str] = []
    request = request_for(standin_python(tmp_path), tmp_path / "run", lines.append)
    server = launch(request, deadline_s=20)
    assert server.deployment.vllm_version == "0.32.0"
    assert server.deployment.model == "xlam-gate/fixture"
    assert server.deployment.base_url.startswith("http://127.0.0.1:")
    assert len(traces(request)) >= 3
    found = process.footprint(server.deployment.base_url)
    assert found is not None
    assert found.memory_mb > 5
    server.shut_down(keep=False)
    assert process.footprint(server.deployment.base_url) is None
    assert traces(request) == []
    assert lines[-1].startswith("ready")


def test_the_key_is_in_no_command_log_or_line(tmp_path: Path) -> None:
    lines: list[str] = []
    request = request_for(standin_python(tmp_path), tmp_path / "run", lines.append)
    server = launch(request, deadline_s=20)
    commands = [" ".join(running.info["cmdline"] or ()) for running in psutil.process_iter(["cmdline"])]
    assert any("vllm.entrypoints" in command for command in commands)
    server.shut_down(keep=False)
    seen = "\n".join([*lines, *commands, server.deployment.command, repr(server), request.log.read_text()])
    assert request.api_key not in seen
    assert "its key is ***" in request.log.read_text()


def test_a_healthy_server_is_noticed_within_a_quarter_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed_at: list[float] = []

    def noted(*words: object) -> float:
        ready_after_s = await_ready(*words)
        noticed_at.append(time.time())
        return ready_after_s

    def unnoticed() -> float:
        request = request_for(standin_python(tmp_path, delay="1.0"), tmp_path / "run")
        server = launch(request, deadline_s=20)
        started = psutil.Process(int(server.handle.stop_command.split()[1])).create_time()
        server.shut_down(keep=False)
        listening_since = float(request.log.read_text().rpartition("listening at ")[2].split()[0])
        assert listening_since > started + 1.0
        return noticed_at[-1] - listening_since

    monkeypatch.setattr("tests.harness.servers.launch.await_ready", noted)
    assert fastest(unnoticed) < 0.25


def test_a_server_that_exits_is_reported_within_a_second(tmp_path: Path) -> None:
    said = Path(__file__).parents[1] / "logs" / "port-in-use.log"
    request = request_for(standin_python(tmp_path, exit="3", says=str(said)), tmp_path / "run")
    texts: list[str] = []

    def unreported() -> float:
        began = time.monotonic()
        with pytest.raises(InfrastructureError) as failure:
            launch(request, deadline_s=20)
        texts.append(str(failure.value))
        return time.monotonic() - began

    assert fastest(unreported) < 2.0  # the stand-in's own start is most of it
    text = texts[0]
    assert text.startswith("the server ended before it was ready: exit code 3")
    assert "likely cause: the port is taken" in text
    assert "command: " in text
    assert "-m vllm.entrypoints.openai.api_server --model" in text
    assert "Address already in use" in text
    assert traces(request) == []


def test_a_server_that_never_gets_ready_is_given_up(tmp_path: Path) -> None:
    request = request_for(standin_python(tmp_path, delay="60"), tmp_path / "run")
    with pytest.raises(InfrastructureError, match=r"not ready after 1 s.*\(--launch-timeout gives"):
        launch(request, deadline_s=1)
    assert traces(request) == []


def test_death_in_the_middle_of_a_run_is_noticed_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.harness.servers.launch._DEATH_IS_NOTICED_S", 20)  # the time is measured below

    def unnoticed() -> float:
        request = request_for(standin_python(tmp_path), tmp_path / "run")
        server = launch(request, deadline_s=20)
        server.require_alive()
        reaper = psutil.Process(int(server.handle.stop_command.split()[1]))
        reaper.children()[0].kill()
        began = time.monotonic()
        with pytest.raises(
            InfrastructureError, match=r"died in the middle of the run: killed by SIGKILL \(9\)"
        ):
            server.require_alive_soon()
        took = time.monotonic() - began
        server.shut_down(keep=False)
        assert traces(request) == []
        return took

    assert fastest(unnoticed) < 1.0


def test_a_kept_server_is_reused_and_not_stopped(tmp_path: Path) -> None:
    lines: list[str] = []
    request = request_for(standin_python(tmp_path), tmp_path / "run", lines.append)
    server = launch(request, deadline_s=20)
    server.shut_down(keep=True)
    said = next(line for line in lines if line.startswith("kept"))
    again = launch(request, deadline_s=20)
    assert again.deployment.base_url == server.deployment.base_url
    again.shut_down(keep=False)
    assert find_reused(request) is not None
    stop = said.partition("stop it: ")[2]
    subprocess.run(stop.split(), check=True)
    wait_until_none(lambda: traces(request))
    assert find_reused(request) is None
    assert not list((request.cache / "kept").iterdir())


LAUNCHER = """
import sys
from pathlib import Path
from tests.selftest.servers.providers.test_process import request_for
from tests.harness.servers.launch import launch
request = request_for(Path(sys.argv[1]), Path(sys.argv[2]))
print(request.session, flush=True)
launch(request, 20)
print("ready", flush=True)
import time; time.sleep(60)
"""


@pytest.mark.parametrize("attempt", range(KILLS))
def test_sigkill_of_the_suite_leaves_nothing(tmp_path: Path, attempt: int) -> None:
    """At twenty moments from before the launch to after it."""
    python = standin_python(tmp_path)
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(python), str(tmp_path / "run")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    session = launcher.stdout.readline().strip()
    request = LaunchRequest(
        parse_target(f"process:{python}"),
        load_profile("fixture"),
        tmp_path / "log",
        tmp_path,
        Progress(print),
        session=session,
    )
    time.sleep(random.Random(attempt).uniform(0, 0.05) if attempt < KILLS // 2 else attempt * 0.06)
    os.kill(launcher.pid, signal.SIGKILL)
    launcher.wait()
    wait_until_none(lambda: traces(request))
