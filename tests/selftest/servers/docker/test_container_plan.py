"""What a container is made of, its end, and its log on the way to the file. No Docker engine is needed."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness.servers.docker.container_log import lines_of, masked
from tests.harness.servers.docker.container_plan import plan_for
from tests.harness.servers.docker.images import Image
from tests.harness.servers.providers.container import Container
from tests.harness.servers.scripted_engine import EngineFiles
from tests.selftest.servers.docker.launch_requests import request_for


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_are_whole_however_the_stream_is_cut(size: int) -> None:
    stream = b"one\n\nthe key is s3cr3t-value\r\nlast"
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert list(lines_of(pieces)) == [b"one\n", b"\n", b"the key is s3cr3t-value\r\n", b"last\n"]


def test_each_secret_is_masked_wherever_it_stands() -> None:
    assert masked(b"a=KEY b=TOKEN KEYKEY\n", ["KEY", "TOKEN"]) == b"a=*** b=*** ******\n"


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        ("running", {}, None),
        ("exited", {"ExitCode": 1, "OOMKilled": False}, "exit code 1"),
        ("exited", {"ExitCode": 137, "OOMKilled": False}, "killed by SIGKILL (9)"),
        ("exited", {"ExitCode": 137, "OOMKilled": True}, "killed by SIGKILL (9), out of memory (OOMKilled)"),
        ("dead", {"ExitCode": 0}, "exit code 0"),
    ],
)
def test_how_a_container_ended(status: str, state: dict[str, Any], said: str | None) -> None:
    ended = SimpleNamespace(reload=lambda: None, status=status, attrs={"State": state})
    server: Any = SimpleNamespace(_container=ended, _log=None)
    assert Container.exited(server) == said


@pytest.mark.parametrize("engine", [None, EngineFiles(())], ids=["a-model", "the-scripted-engine"])
def test_weights_are_copied_for_a_model_alone(engine: EngineFiles | None, tmp_path: Path) -> None:
    request = request_for("image", tmp_path, options="[gpu=none]" if engine else "")
    for name in ("tokenizer.json", "model-00001-of-00002.safetensors", "pytorch_model.bin"):
        (tmp_path / "model" / name).write_text("")
    plan = plan_for(request, Image("image", ("vllm", "serve"), {}, {}), engine)
    copied = {there.removeprefix("/xlam-gate/model/") for _, there in plan.copies}
    weights = {"model-00001-of-00002.safetensors", "pytorch_model.bin"}
    assert {"config.json", "tokenizer.json"} <= copied
    assert copied & weights == (set() if engine else weights)
    assert ("--load-format=dummy" in plan.words) == (engine is not None)
