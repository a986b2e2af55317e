"""A server in a container: both ENTRYPOINT forms, what the container is given, its death, and nothing left of it."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from tests.harness.core.http.ask import OK, ask
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.docker.gpu import gpu_refusal
from tests.harness.servers.launch import launch
from tests.harness.servers.providers import container
from tests.selftest.servers.docker.launch_requests import MODEL, request_for, traces, volumes
from tests.selftest.waiting import fastest, wait_until


@pytest.fixture(autouse=True)
def no_volume_is_left(engine: docker.DockerClient) -> Iterator[None]:
    before = volumes(engine)
    yield
    assert volumes(engine) <= before


@pytest.mark.parametrize(
    ("image", "first"),
    [("serve_image", "['/xlam-gate/model'"), ("api_server_image", "['--model', '/xlam-gate/model'")],
)
def test_both_forms_of_entrypoint_come_up_and_leave_nothing(
    engine: docker.DockerClient, request: pytest.FixtureRequest, tmp_path: Path, image: str, first: str
) -> None:
    launch_request = request_for(request.getfixturevalue(image), tmp_path)
    server = launch(launch_request, deadline_s=30)
    assert server.deployment.model == MODEL
    assert server.deployment.base_url.startswith("http://127.0.0.1:")
    assert len(traces(engine, launch_request.session)) == 1
    server.shut_down(keep=False)
    server.shut_down(keep=False)
    assert traces(engine, launch_request.session) == []
    log = launch_request.log.read_text()
    assert f"stand-in started with {first}" in log
    assert "its key is ***" in log


def test_what_the_container_is_given(engine: docker.DockerClient, serve_image: str, tmp_path: Path) -> None:
    request = request_for(serve_image, tmp_path)
    server = launch(request, deadline_s=30)
    facts: dict[str, Any] = engine.api.inspect_container(traces(engine, request.session)[0])
    server.shut_down(keep=False)
    host, config = facts["HostConfig"], facts["Config"]
    assert {entry["HostIp"] for entries in host["PortBindings"].values() for entry in entries} == {
        "127.0.0.1"
    }
    assert {
        entry["HostIp"] for entries in facts["NetworkSettings"]["Ports"].values() for entry in entries or ()
    } == {"127.0.0.1"}
    assert host["ShmSize"] == 48 * 1024 * 1024
    assert not host["DeviceRequests"]
    assert not host["Binds"]
    assert not host["Privileged"]
    assert config["Labels"]["xlam-gate"] == "1"
    assert config["Labels"]["xlam-gate.session"] == request.session
    assert f"VLLM_API_KEY={request.api_key}" in config["Env"]
    assert request.api_key not in repr(
        (config["Cmd"], server.deployment, server.handle, server.handle.command)
    )


def test_a_model_to_be_fetched_gets_the_cache_and_the_token(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_TOKEN", "hf_s3cr3t-token")
    said = tmp_path / "said.txt"
    said.write_text("the token is hf_s3cr3t-token indeed")
    request = request_for(
        serve_image,
        tmp_path,
        options=f"[arg=--x=@{said}]",
        standin={"says": "/xlam-gate/files/said.txt"},
        model_folder=None,
    )
    server = launch(request, deadline_s=30)
    facts = engine.api.inspect_container(traces(engine, request.session)[0])
    server.shut_down(keep=False)
    assert facts["HostConfig"]["Binds"] == [f"{tmp_path}/hub:/root/.cache/huggingface:rw"]
    assert "HF_TOKEN=hf_s3cr3t-token" in facts["Config"]["Env"]
    assert facts["Config"]["Cmd"][0] == MODEL
    assert "hf_s3cr3t" not in server.handle.command
    assert " -e HF_TOKEN " in server.handle.command
    assert "the token is *** indeed" in request.log.read_text()


def test_files_are_copied_to_where_the_server_runs(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    plugin, template = tmp_path / "patched.py", tmp_path / "mine.jinja"
    plugin.write_text("print('patched')")
    template.write_text("{{ messages }}")
    request = request_for(
        serve_image, tmp_path / "run", options=f"[arg=--tool-parser-plugin=@{plugin}]", chat_template=template
    )
    server = launch(request, deadline_s=30)
    running = engine.containers.get(traces(engine, request.session)[0])
    program = "import os; print([os.path.getsize('/xlam-gate/' + name) for name in {}])"
    names = ["files/patched.py", "chat_template.jinja", "model/config.json", "model/deep/weights"]
    found = running.exec_run(["python3", "-c", program.format(names)]).output
    words = running.attrs["Config"]["Cmd"]
    server.shut_down(keep=False)
    assert found == b"[16, 14, 2, 2000]\n"
    assert "--tool-parser-plugin=/xlam-gate/files/patched.py" in words
    assert words[words.index("--chat-template") + 1] == "/xlam-gate/chat_template.jinja"


def test_the_command_shown_is_one_that_docker_takes(serve_image: str, tmp_path: Path) -> None:
    request = request_for(serve_image, tmp_path)
    server = launch(request, deadline_s=30)
    server.shut_down(keep=False)
    command = server.handle.command
    assert command.startswith("docker run --rm -p 127.0.0.1:8000:8000 --shm-size 48m -e VLLM_API_KEY -v ")
    assert f" {serve_image} /xlam-gate/model --host 0.0.0.0 --port 8000 --enable-auto-tool-choice " in command


def test_a_server_that_exits_is_reported_with_code_and_log(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    request = request_for(serve_image, tmp_path, standin={"exit": "3"})
    with pytest.raises(InfrastructureError) as failure:
        launch(request, deadline_s=30)
    text = str(failure.value)
    assert text.startswith("the server ended before it was ready: exit code 3")
    assert "command: docker run " in text
    assert "stand-in started with" in text
    assert traces(engine, request.session) == []


def test_an_exit_is_noticed_within_a_second(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.harness.servers.launch._DEATH_IS_NOTICED_S", 20)  # the time is measured below

    def unnoticed() -> float:
        request = request_for(serve_image, tmp_path)
        server = launch(request, deadline_s=30)
        engine.api.kill(traces(engine, request.session)[0])
        began = time.monotonic()
        with pytest.raises(
            InfrastructureError, match=r"died in the middle of the run: killed by SIGKILL \(9\)"
        ):
            server.require_alive_soon()
        took = time.monotonic() - began
        server.shut_down(keep=False)
        return took

    assert fastest(unnoticed) < 1.0


def test_a_container_removed_by_somebody_is_told(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    request = request_for(serve_image, tmp_path)
    server = launch(request, deadline_s=30)
    engine.api.remove_container(traces(engine, request.session)[0], force=True, v=True)
    with pytest.raises(InfrastructureError, match="its container was removed"):
        server.require_alive()
    server.shut_down(keep=False)


def test_an_address_handed_out_before_answers_after_a_relaunch(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    request = request_for(serve_image, tmp_path)
    server = launch(request, deadline_s=30)
    handed_out = server.deployment
    engine.api.kill(traces(engine, request.session)[0])
    wait_until(lambda: server.handle.exited() is not None)
    server.relaunch(deadline_s=30)
    assert ask(handed_out.base_url, "/v1/models", 5.0, api_key=handed_out.api_key).status == OK
    server.shut_down(keep=False)
    assert traces(engine, request.session) == []


def test_a_server_that_never_gets_ready_is_given_up(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    request = request_for(serve_image, tmp_path, standin={"delay": "60"})
    with pytest.raises(InfrastructureError, match="not ready after 1 s"):
        launch(request, deadline_s=1)
    assert traces(engine, request.session) == []


def test_a_kept_server_stays_until_the_printed_command(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    request = request_for(serve_image, tmp_path)
    server = launch(request, deadline_s=30)
    server.shut_down(keep=True)
    assert server.answers()
    again = launch(request, deadline_s=30)
    assert again.deployment.base_url == server.deployment.base_url
    again.shut_down(keep=False)
    assert server.answers()
    subprocess.run(server.handle.stop_command.split(), check=True, stdout=subprocess.DEVNULL)
    assert traces(engine, request.session) == []
    assert not list(Path(tempfile.gettempdir()).glob(f"xlam-gate-{request.session}-*"))


def test_strangers_are_left_alone(engine: docker.DockerClient, serve_image: str, tmp_path: Path) -> None:
    labels: list[dict[str, str]] = [{}, {"xlam-gate": "1", "xlam-gate.session": "another"}]
    strangers = [
        engine.containers.run(serve_image, ["serve", "m"], labels=found, detach=True) for found in labels
    ]
    try:
        launch(request_for(serve_image, tmp_path), deadline_s=30).shut_down(keep=False)
        with pytest.raises(InfrastructureError):
            launch(request_for(serve_image, tmp_path, standin={"exit": "1"}), deadline_s=30)
        for stranger in strangers:
            stranger.reload()
        assert [stranger.status for stranger in strangers] == ["running", "running"]
    finally:
        for stranger in strangers:
            stranger.remove(force=True, v=True)


def test_a_gpu_is_asked_for_and_its_refusal_is_a_sentence(
    engine: docker.DockerClient, gpu_image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if gpu_refusal() is None:
        pytest.skip("not applicable: this engine has a GPU to give")
    created = watch_creations(monkeypatch)
    request = request_for(gpu_image, tmp_path)
    with pytest.raises(
        InfrastructureError, match="needs a GPU, and Docker has none to give: install the NVIDIA driver"
    ):
        container.launch(request)
    assert [
        (entry["Count"], entry["Capabilities"]) for entry in created[0]["HostConfig"]["DeviceRequests"]
    ] == [(-1, [["gpu"]])]
    assert traces(engine, request.session) == []


def watch_creations(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the engine knows of each container just before its start."""
    created: list[dict[str, Any]] = []
    start: Callable[..., None] = Container.start

    def noting_start(self: Container, **words: Any) -> None:
        self.reload()
        created.append(dict(self.attrs))
        start(self, **words)

    monkeypatch.setattr(Container, "start", noting_start)
    return created


def test_a_log_is_followed_while_the_server_runs(serve_image: str, tmp_path: Path) -> None:
    request = request_for(serve_image, tmp_path)
    server = launch(request, deadline_s=30)
    wait_until(lambda: "listening at" in request.log.read_text(), 3)
    server.shut_down(keep=False)
