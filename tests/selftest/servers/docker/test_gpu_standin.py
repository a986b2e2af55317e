"""The GPU path to its end on a machine without one: `pytest --gpu-standin tests/selftest/containers`, as root."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.options import is_switched_on
from tests.harness.servers import auto
from tests.harness.servers.docker import gpu
from tests.harness.servers.launch import launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.providers import container
from tests.harness.servers.target_strings import parse_target
from tests.selftest.servers.docker.launch_requests import MODEL, request_for, traces
from tests.selftest.servers.docker.second_engine import SecondEngine, second_engine
from tests.selftest.servers.docker.standin_image import SERVE, import_image

IMAGE = "xlam-gate/gpu-standin:1"
DERIVED = "FROM {}\nENV NVIDIA_VISIBLE_DEVICES=all\n"
READY_S = 240.0


@pytest.fixture(scope="module")
def second(
    request: pytest.FixtureRequest, engine: docker.DockerClient, archive: bytes
) -> Iterator[SecondEngine]:
    if not is_switched_on(request.config, "gpu-standin"):
        pytest.skip("opt-in: --gpu-standin (root)")
    if os.geteuid() != 0:
        pytest.fail("--gpu-standin starts a second Docker engine, which only root can")
    with second_engine(engine) as found:
        identity = import_image(found.client, archive, SERVE, "image", {"NVIDIA_VISIBLE_DEVICES": "all"})
        found.client.images.get(identity).tag(*IMAGE.split(":"))
        yield found


@pytest.fixture
def selected(second: SecondEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecondEngine]:
    monkeypatch.setenv("DOCKER_HOST", second.address)
    images = {image.id for image in second.client.images.list(all=True)}
    yield second
    second.driver_works(True)
    assert second.client.containers.list(all=True) == []
    assert second.client.volumes.list() == []
    assert {image.id for image in second.client.images.list(all=True)} == images


def test_auto_picks_the_container(selected: SecondEngine) -> None:
    assert gpu.gpu_refusal() is None
    target, reason = auto.resolve(parse_target("auto"))
    assert target.provider == "container"
    assert target.value.startswith("vllm/vllm-openai:v")
    assert reason.startswith("Docker can hand out a GPU")


def test_a_server_with_a_gpu_comes_up_and_leaves_nothing(selected: SecondEngine, tmp_path: Path) -> None:
    request = request_for(IMAGE, tmp_path)
    server = launch(request, deadline_s=30)
    running = selected.client.containers.get(traces(selected.client, request.session)[0])
    seen = running.exec_run(
        ["python3", "-c", "import os; print(os.environ['NVIDIA_VISIBLE_DEVICES'])"]
    ).output
    server.shut_down(keep=False)
    assert server.deployment.model == MODEL
    assert " --gpus all " in server.handle.command
    assert running.attrs["HostConfig"]["DeviceRequests"][0]["Capabilities"] == [["gpu"]]
    assert seen == b"all\n"


def test_the_gpus_of_the_environment_are_the_ones_asked_for(
    selected: SecondEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,2")
    request = request_for(IMAGE, tmp_path)
    server = launch(request, deadline_s=30)
    request = selected.client.api.inspect_container(traces(selected.client, request.session)[0])[
        "HostConfig"
    ]["DeviceRequests"]
    server.shut_down(keep=False)
    assert request[0]["DeviceIDs"] == ["1", "2"]
    assert """ --gpus '"device=1,2"' """ in server.handle.command


def test_a_gpu_runtime_without_a_driver_is_told(selected: SecondEngine, tmp_path: Path) -> None:
    selected.driver_works(False)
    assert gpu.gpu_refusal() == "Docker's GPU runtime is installed, but no NVIDIA driver works behind it"
    target, reason = auto.resolve(parse_target("auto"))
    assert target.provider == "process"
    assert "no NVIDIA driver works" in reason
    request = request_for(IMAGE, tmp_path)
    with pytest.raises(
        InfrastructureError, match="needs a GPU; Docker's GPU runtime is installed, but no NVIDIA driver"
    ):
        container.launch(request)
    assert traces(selected.client, request.session) == []


@pytest.mark.timeout(1800)
def test_vllm_itself_behind_the_stand_in(
    request: pytest.FixtureRequest, second: SecondEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = request.config.getoption("--gpu-standin-image")
    if not image:
        pytest.skip("opt-in: --gpu-standin-image IMAGE")
    carry_over(image, second.address)
    monkeypatch.setenv("DOCKER_HOST", second.address)
    subprocess.run(
        ["docker", "build", "-q", "-t", "xlam-gate/gpu-standin:vllm", "-"],
        input=DERIVED.format(image).encode(),
        check=True,
        env={**os.environ, "DOCKER_BUILDKIT": "0"},
    )
    target = parse_target("container:xlam-gate/gpu-standin:vllm")
    launch_request = LaunchRequest(
        target, load_profile("fixture"), tmp_path / "server.log", tmp_path, Progress(print)
    )
    server = launch(launch_request, READY_S)
    server.shut_down(keep=False)
    assert " --gpus all " in server.handle.command
    assert server.deployment.vllm_version != "unknown"
    assert second.client.containers.list(all=True) == []


def carry_over(image: str, address: str) -> None:
    """From the machine's engine to the second one."""
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saving:
        subprocess.run(["docker", "--host", address, "load", "-q"], stdin=saving.stdout, check=True)
    assert saving.returncode == 0
