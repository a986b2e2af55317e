"""No Docker engine, or none that can be used: one clear sentence. None is needed here."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness.core.records.errors import InfrastructureError, UsageProblem
from tests.harness.core.records.profile import Profile
from tests.harness.servers.docker import engine as daemon
from tests.harness.servers.docker.gpu import gpu_refusal, gpu_request, gpu_words, interpret, start_refusal
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.providers import container
from tests.harness.servers.target_strings import parse_target


def launch_refusal(folder: Path) -> str:
    order = LaunchRequest(
        parse_target("container:x:1"),
        Profile("p", "m", "xlam", "a test"),
        folder / "log",
        folder,
        Progress(print),
    )
    with pytest.raises(InfrastructureError) as failure:
        container.launch(order)
    return str(failure.value)


def test_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    assert launch_refusal(tmp_path).startswith(
        "no Docker engine answers: start Docker, or choose a target of another kind"
    )
    assert gpu_refusal() == "no Docker engine answers"


@pytest.mark.parametrize("address", ["tcp://gpu-box:2375", "ssh://me@gpu-box"])
def test_an_engine_on_another_machine(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    said = launch_refusal(tmp_path)
    assert said.startswith(f"the Docker engine {address} is on another machine: that is not supported yet")
    assert gpu_refusal() == f"the Docker engine {address} is on another machine"


def test_a_suite_in_a_container_of_the_same_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "0123456789ab")
    beside: Any = SimpleNamespace(containers=SimpleNamespace(list=lambda **_: ["this one"]))
    with pytest.raises(
        InfrastructureError,
        match="run the suite on the machine itself, or its container with `--network host`",
    ):
        daemon.require_loopback(beside)
    alone: Any = SimpleNamespace(containers=SimpleNamespace(list=lambda **_: []))
    daemon.require_loopback(alone)
    monkeypatch.setattr("socket.gethostname", lambda: "gpu-box")
    daemon.require_loopback(beside)


@pytest.mark.parametrize("text", ["container:", "container:-x", "container:a b", "container:$(x)"])
def test_a_name_that_no_image_can_have(text: str) -> None:
    with pytest.raises(UsageProblem):
        parse_target(text)


@pytest.mark.parametrize(
    "text", ["vllm", "vllm/vllm-openai:v0.33.0", "localhost:5000/a/b@sha256:00", "a.b/c_d"]
)
def test_names_that_images_have(text: str) -> None:
    assert parse_target(f"container:{text}").value == text


NO_RUNTIME = 'could not select device driver "" with capabilities: [[gpu]]'
NO_CDI = "could not select device driver: failed to discover GPU vendor from CDI: no known GPU vendor found"
NO_DRIVER = (
    "OCI runtime create failed: error running hook #0: exit status 1, stderr: nvidia-container-cli:"
    " initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file:"
    " no such file or directory: unknown"
)
NO_PROGRAM = 'OCI runtime create failed: exec: "none": executable file not found in $PATH: unknown'


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        (NO_RUNTIME, "Docker has no GPU to give"),
        (NO_CDI, "Docker has no GPU to give"),
        (NO_DRIVER, "Docker's GPU runtime is installed, but no NVIDIA driver works behind it"),
        (NO_PROGRAM, None),
        ("", None),
        ("something new", "Docker refuses to give a GPU (something new)"),
    ],
)
def test_what_the_engine_says_about_a_gpu(said: str, meaning: str | None) -> None:
    assert interpret(said) == meaning


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        (NO_RUNTIME, "I needs a GPU, and Docker has none to give: install the NVIDIA driver"),
        (
            NO_DRIVER,
            "I needs a GPU; Docker's GPU runtime is installed, but no NVIDIA driver works behind it (try `nvidia-smi`)",
        ),
    ],
)
def test_a_refused_start_is_a_sentence(said: str, begins: str) -> None:
    assert (start_refusal("I", said) or "").startswith(begins)


def test_other_refusals_are_not_the_gpu_s() -> None:
    assert start_refusal("I", NO_PROGRAM) is None


def test_the_gpus_that_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert gpu_request()["Count"] == -1
    assert gpu_words() == ["--gpus", "all"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2")
    assert gpu_request()["DeviceIDs"] == ["2"]
    assert gpu_words() == ["--gpus", '"device=2"']
