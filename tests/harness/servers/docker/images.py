"""Images: at hand or pulled, and what their metadata says about how their server is started."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import docker
from docker.errors import APIError, DockerException, ImageNotFound
from docker.utils import parse_repository_tag
from testcontainers.core.config import testcontainers_config

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.profile import Profile
from tests.harness.servers.docker.engine import explanation
from tests.harness.servers.progress import Progress

OWN_LABEL = "xlam-gate.image"
"""Set by the Dockerfiles of `docker/` whose images lack the files of the official ones."""
_API_SERVER = "vllm.entrypoints.openai.api_server"
_GPU_VARIABLES = ("NVIDIA_REQUIRE_CUDA", "NVIDIA_VISIBLE_DEVICES", "CUDA_VERSION")
_NO_GPU = ("", "void", "none")
_ABSENT = re.compile(
    r"manifest unknown|not found|access denied|does not exist|unauthorized|authentication required|denied:",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Image:
    """An image that the engine has."""

    name: str
    entrypoint: tuple[str, ...]
    env: Mapping[str, str]
    labels: Mapping[str, str]

    @property
    def wants_gpu(self) -> bool:
        """Return whether it was made for an NVIDIA GPU: the CUDA base images say so in their environment."""
        if self.env.get("NVIDIA_VISIBLE_DEVICES") in _NO_GPU:
            return False
        return any(self.env.get(name) for name in _GPU_VARIABLES)

    @property
    def has_official_files(self) -> bool:
        """Return whether the chat templates that official images bring may be expected."""
        return OWN_LABEL not in self.labels

    def model_words(self, profile: Profile, model: str) -> list[str]:
        """Return the command's beginning, up to the model. Raises InfrastructureError if the ENTRYPOINT is unknown."""
        if any(_API_SERVER in word for word in self.entrypoint):
            return ["--model", model]
        if self.entrypoint[-1:] == ("serve",) and PurePosixPath("", *self.entrypoint[-2:-1]).name == "vllm":
            return [model]
        if not self.entrypoint:
            return ["vllm", "serve", model]
        if profile.launch == "positional":
            return [model]
        if profile.launch == "option":
            return ["--model", model]
        raise InfrastructureError(
            f"the ENTRYPOINT of {self.name} ({' '.join(self.entrypoint)}) is neither `vllm serve` nor {_API_SERVER}:"
            ' say how it takes the model with `launch = "positional"` or `launch = "option"` in the profile '
            f"{profile.id}"
        )


def obtain(client: docker.DockerClient, value: str, progress: Progress) -> Image:
    """Return the image, pulled if the engine does not have it. Raises InfrastructureError."""
    name = testcontainers_config.hub_image_name_prefix + value
    try:
        image = client.images.get(name)
    except ImageNotFound:
        _pull(client, name, progress)
        image = client.images.get(name)
    except APIError as error:
        raise InfrastructureError(
            f"{name!r} is no image name that Docker takes: {explanation(error)}"
        ) from error
    config = image.attrs.get("Config") or {}
    return Image(
        name,
        tuple(config.get("Entrypoint") or ()),
        dict(line.partition("=")[::2] for line in config.get("Env") or ()),
        dict(config.get("Labels") or {}),
    )


def _pull(client: docker.DockerClient, name: str, progress: Progress) -> None:
    repository, tag = parse_repository_tag(name)
    progress.begin("pull", name)
    layers: dict[str, tuple[int, int]] = {}
    try:
        for event in client.api.pull(repository, tag=tag or "latest", stream=True, decode=True):
            if message := event.get("error"):
                raise _pull_failure(name, message)
            _note_layer(layers, event)
            progress.tick(_amount(layers) or event.get("status", ""))
    except DockerException as error:
        raise _pull_failure(name, explanation(error)) from error
    progress.line("pull", f"{name}  done in {progress.elapsed():.0f} s")


def _note_layer(layers: dict[str, tuple[int, int]], event: Mapping[str, object]) -> None:
    detail = event.get("progressDetail")
    if isinstance(detail, dict) and detail.get("total") and event.get("status") == "Downloading":
        layers[str(event.get("id"))] = (int(detail.get("current", 0)), int(detail["total"]))
    elif event.get("status") in {"Download complete", "Pull complete"} and event.get("id") in layers:
        total = layers[str(event["id"])][1]
        layers[str(event["id"])] = (total, total)


def _amount(layers: Mapping[str, tuple[int, int]]) -> str:
    """Return `1.2 of 8.9 GB`: the engine tells a layer's size only once that layer is under way."""
    had, total = (
        (sum(column) / 1e9 for column in zip(*layers.values(), strict=True)) if layers else (0.0, 0.0)
    )
    return f"{had:.1f} of {total:.1f} GB" if total else ""


def _pull_failure(name: str, message: str) -> InfrastructureError:
    if _ABSENT.search(message):
        return InfrastructureError(
            f"there is no image {name}, here or in its registry (or it needs `docker login`): {message}"
        )
    return InfrastructureError(f"the image {name} is not here and its registry cannot be reached: {message}")
