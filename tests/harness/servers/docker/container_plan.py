"""What a container is made of, worked out before anything is created."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.harness.core.records.profile import Profile
from tests.harness.servers.docker.gpu import gpu_request, gpu_words
from tests.harness.servers.docker.images import Image
from tests.harness.servers.docker.labels import labels_of
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.server_command import carried_files, server_flags

PORT = "8000/tcp"
FOLDER = "/xlam-gate"
"""Where copied files lie in the container."""
MODEL_CACHE = "/root/.cache/huggingface"
_TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


@dataclass(frozen=True)
class Plan:
    """One container."""

    image: str
    words: list[str]
    """What follows the ENTRYPOINT."""
    env: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    """Environment variables that appear in no command and no log."""
    copies: tuple[tuple[Path, str], ...]
    """File here, path in the container."""
    mounts: tuple[tuple[Path, str], ...]
    engine_options: dict[str, Any]
    command: str
    """What a person would type."""


def plan_for(order: LaunchRequest, image: Image) -> Plan:
    """Work out the container for `order`. Raises InfrastructureError if the image cannot be understood."""
    profile = order.profile
    words = _words(order, image)
    copies = _copies(order)
    mounts = () if profile.model_folder else ((_model_cache(), MODEL_CACHE),)
    options: dict[str, Any] = {
        "labels": labels_of(order.session),
        "shm_size": profile.shm_size,
        "network": "bridge",
    }
    if image.wants_gpu:
        options["device_requests"] = [gpu_request()]
    secrets = {"VLLM_API_KEY": order.api_key}
    if not profile.model_folder:
        secrets |= {name: os.environ[name] for name in _TOKENS if os.environ.get(name)}
    command = _shown(profile, image, words, [*_folders(copies, profile), *mounts], list(secrets))
    return Plan(order.target.value, words, dict(profile.env), secrets, copies, mounts, options, command)


def _words(order: LaunchRequest, image: Image) -> list[str]:
    profile = order.profile
    model = f"{FOLDER}/model" if profile.model_folder else profile.model
    template = profile.image_chat_template if image.has_official_files else None
    if profile.chat_template:
        template = f"{FOLDER}/chat_template.jinja"
    return [
        *image.model_words(profile, model),
        *("--host", "0.0.0.0", "--port", PORT.partition("/")[0]),  # noqa: S104 - inside; published on loopback
        *server_flags(profile, order.target, f"{FOLDER}/files", template),
    ]


def _copies(order: LaunchRequest) -> tuple[tuple[Path, str], ...]:
    profile = order.profile
    copies = []
    if folder := profile.model_folder:
        files = sorted(
            path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )
        copies += [(path, f"{FOLDER}/model/{path.relative_to(folder).as_posix()}") for path in files]
    if profile.chat_template:
        copies.append((profile.chat_template, f"{FOLDER}/chat_template.jinja"))
    copies += [(file.source, f"{FOLDER}/files/{file.name}") for file in carried_files(order.target)]
    return tuple(copies)


def _model_cache() -> Path:
    """The user's cache of models, made if need be: an absent folder would be made by the engine, as root."""
    home = os.environ.get("HF_HOME")
    folder = Path(home) if home else Path.home() / ".cache" / "huggingface"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _folders(copies: tuple[tuple[Path, str], ...], profile: Profile) -> list[tuple[Path, str]]:
    """The copies as mounts, which is what a person would use."""
    single = [(path, f"{there}:ro") for path, there in copies if not there.startswith(f"{FOLDER}/model/")]
    return [*([(profile.model_folder, f"{FOLDER}/model:ro")] if profile.model_folder else []), *single]


def _shown(
    profile: Profile, image: Image, words: list[str], mounts: list[tuple[Path, str]], secrets: list[str]
) -> str:
    command = ["docker", "run", "--rm", "-p", "127.0.0.1:8000:8000", "--shm-size", profile.shm_size]
    command += gpu_words() if image.wants_gpu else []
    command += [word for name, value in profile.env.items() for word in ("-e", f"{name}={value}")]
    command += [word for name in secrets for word in ("-e", name)]
    command += [word for here, there in mounts for word in ("-v", f"{here.resolve()}:{there}")]
    return shlex.join([*command, image.name, *words])
