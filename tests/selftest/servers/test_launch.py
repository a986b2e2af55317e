"""From a launch request to a server, whatever provider it comes from; and up again after its death."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.http.ask import OK, ask
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.launch import Server, _require_up, label_of, launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.registry import known_providers
from tests.harness.servers.reused import ReusedServer
from tests.harness.servers.target_strings import parse_target
from tests.selftest.scripted import ScriptedServer, whole
from tests.selftest.servers import lent
from tests.selftest.servers.providers.test_process import request_for, traces
from tests.selftest.standin import standin_python
from tests.selftest.talking_server import Talker, talking
from tests.selftest.waiting import wait_until, wait_until_none


def kill(server: Server) -> None:
    """End the server as a request does that it does not survive, and wait until that is seen."""
    psutil.Process(int(server.handle.stop_command.split()[1])).children()[0].kill()
    wait_until(lambda: server.handle.exited() is not None)


def test_an_address_handed_out_before_answers_after_a_relaunch(tmp_path: Path) -> None:
    """Recorders and clients hold address and key; nobody tells them of another."""
    request = request_for(standin_python(tmp_path), tmp_path / "run")
    server = launch(request, deadline_s=20)
    handed_out = server.deployment
    kill(server)
    server.relaunch(deadline_s=20)
    try:
        assert ask(handed_out.base_url, "/v1/models", 5.0, api_key=handed_out.api_key).status == OK
        assert ask(handed_out.base_url, "/v1/models", 5.0, api_key="another").status != OK
        assert (server.deployment.base_url, server.deployment.api_key) == (
            handed_out.base_url,
            handed_out.api_key,
        )
        kill(server)
        server.relaunch(deadline_s=20)
        assert ask(handed_out.base_url, "/v1/models", 5.0, api_key=handed_out.api_key).status == OK
    finally:
        server.shut_down(keep=False)
    assert traces(request) == []


def test_a_reused_server_comes_up_again_with_the_key_of_the_run_that_left_it(tmp_path: Path) -> None:
    python = standin_python(tmp_path)
    left = launch(request_for(python, tmp_path / "run"), deadline_s=20)
    left.shut_down(keep=True)
    request = request_for(python, tmp_path / "run")
    server = launch(request, deadline_s=20)
    handed_out = server.deployment
    assert handed_out.managed
    assert (handed_out.base_url, handed_out.api_key) == (left.deployment.base_url, left.deployment.api_key)
    os.kill(int(left.handle.stop_command.split()[1]), signal.SIGTERM)
    wait_until(lambda: server.handle.exited() is not None)
    server.relaunch(deadline_s=20)
    try:
        assert ask(handed_out.base_url, "/v1/models", 5.0, api_key=handed_out.api_key).status == OK
    finally:
        server.shut_down(keep=False)
    wait_until_none(lambda: traces(request))


def test_what_is_lent_is_neither_managed_nor_launched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the provider's own module knows it."""
    monkeypatch.setitem(known_providers(), lent.NAME, lent)
    with talking(Talker()) as talker:
        target = parse_target(f"lent:{talker.url.removeprefix('http://')}")
        log = tmp_path / "server.log"
        server = launch(LaunchRequest(target, load_profile("borrowed"), log, tmp_path, Progress(print)), 1)
        assert not server.deployment.managed
        assert server.deployment.label == label_of(target, server.deployment.profile) != ""
        with pytest.raises(InfrastructureError, match=r"has ended, and it is not ours to start again"):
            server.relaunch(deadline_s=1)
        server.shut_down(keep=True)
        assert not (tmp_path / "kept").exists(), "nothing is noted of a server that is not ours"


@pytest.mark.parametrize("health", ["200 OK", "404 Not Found", "503 Service Unavailable"])
def test_a_server_that_fails_at_the_first_question_is_up_unless_it_is_ill(
    health: str, tmp_path: Path
) -> None:
    answers = {
        "/v1/models": whole({"data": [{"id": "m"}]}),
        "/v1/chat/completions": whole({"error": "boom"}, "500 Internal Server Error"),
        "/health": whole({}, health),
    }
    lines: list[str] = []
    with ScriptedServer(lambda request: [answers.get(request.path, whole({}))]) as fails:
        request = LaunchRequest(
            parse_target(fails.url),
            load_profile("borrowed"),
            tmp_path / "log",
            tmp_path,
            Progress(lines.append),
        )
        if health.startswith("503"):
            with pytest.raises(
                InfrastructureError, match=r"answered with status 500.*and then /health failed"
            ):
                launch(request, 1)
            return
        assert launch(request, 1).first_failure == 'status 500: {"error": "boom"}'
    assert 'broken    the first question with tools is answered with status 500: {"error": "boom"}' in lines


def test_a_server_that_ends_of_the_first_question_cannot_be_asked(tmp_path: Path) -> None:
    dying = ReusedServer("http://127.0.0.1:1", "serve", None, "")
    with pytest.raises(InfrastructureError, match="and then the server ended: not answering any more"):
        _require_up(dying, request_for(standin_python(tmp_path), tmp_path / "run"), "status 500: boom")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("process:0.32.0", "process-0.32.0"),
        ("container:vllm/vllm-openai:v0.33.0[profile=fixture]", "container-vllm-vllm-openai-v0.33.0-fixture"),
        ("http://gpu-box:8000", "http-gpu-box-8000"),
        ("https://gpu-box[parser=hermes]", "http-gpu-box-hermes"),
    ],
)
def test_labels(text: str, label: str) -> None:
    assert label_of(parse_target(text), load_profile("fixture")) == label
