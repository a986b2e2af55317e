"""Each way in which there can be no container is one clear sentence, and leaves none."""

from collections.abc import Callable
from pathlib import Path

import docker
import pytest

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.providers import container
from tests.selftest.servers.docker.orders import order_for, traces


def refusal(image: str, folder: Path, **profile: str) -> str:
    with pytest.raises(InfrastructureError) as failure:
        container.launch(order_for(image, folder, **profile))
    return str(failure.value)


def test_an_image_that_does_not_exist(engine: docker.DockerClient, tmp_path: Path) -> None:
    said = refusal("localhost:9/xlam-gate/no-such-image:1", tmp_path)
    assert said.startswith(
        "the image localhost:9/xlam-gate/no-such-image:1 is not here and its registry cannot be reached: "
    )
    assert "\n" not in said


def test_an_entrypoint_that_is_unknown(make_image: Callable[..., str], tmp_path: Path) -> None:
    said = refusal(make_image(("/start.sh",)), tmp_path)
    assert "(/start.sh) is neither `vllm serve` nor vllm.entrypoints.openai.api_server" in said
    assert 'launch = "positional"' in said


def test_a_program_that_is_missing(
    engine: docker.DockerClient, make_image: Callable[..., str], tmp_path: Path
) -> None:
    order = order_for(make_image(("/start.sh",)), tmp_path, launch="option")
    with pytest.raises(InfrastructureError) as failure:
        container.launch(order)
    said = str(failure.value)
    assert said.startswith("Docker does not start a container of ")
    assert "/start.sh" in said
    assert traces(engine, order.session) == []


def test_an_error_nobody_expects_leaves_nothing(
    engine: docker.DockerClient, serve_image: str, tmp_path: Path
) -> None:
    order = order_for(serve_image, tmp_path, chat_template=tmp_path / "gone.jinja")
    with pytest.raises(TypeError):
        container.launch(order)
    assert traces(engine, order.session) == []
