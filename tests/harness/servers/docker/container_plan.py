"""What a container is made of, worked out before anything is created."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.harness.core.records.profile import Profile
from tests.harness.servers.docker.gpu import gpu_request, gpu_words
from tests.harness.servers.docker.images import Image
from tests.harness.servers.docker.labels import labels_of
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.scripted_engine import EngineFiles, engine_args
from tests.harness.servers.server_command import carried_files, files_below, is_weights, server_flags

PORT = "8000/tcp"
FOLDER = "/xlam-gate"
"""Where copied files lie in the container."""
ENGINE_FOLDER = f"{FOLDER}/engine"
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


def plan_for(request: LaunchRequest, image: Image, engine: EngineFiles | None = None) -> Plan:
    """Work out the container for `request`. Raises InfrastructureError if the image cannot be understood.

    `engine`: the scripted engine's files, where no GPU is asked for.
    """
    profile = request.profile
    words, copies = _words(request, image), _copies(request, with_weights=engine is None)
    env = {**profile.env, **request.target.variables}
    if engine:
        words += engine_args(request)
        copies += tuple((source, f"{ENGINE_FOLDER}/{name}") for source, name in engine.sources)
        env = engine.environment(ENGINE_FOLDER, request)
    mounts = () if profile.model_folder else ((_model_cache(), MODEL_CACHE),)
    wants_gpu = image.wants_gpu and engine is None
    options: dict[str, Any] = {
        "labels": labels_of(request.session),
        "shm_size": profile.shm_size,
        "network": "bridge",
    }
    if wants_gpu:
        options["device_requests"] = [gpu_request()]
    secrets = {"VLLM_API_KEY": request.api_key}
    if not profile.model_folder:
        secrets |= {name: os.environ[name] for name in _TOKENS if os.environ.get(name)}
    plan = Plan(request.target.value, words, env, secrets, copies, mounts, options, "")
    return replace(plan, command=_shown(plan, profile, image.name, wants_gpu=wants_gpu))


def _words(request: LaunchRequest, image: Image) -> list[str]:
    profile = request.profile
    model = f"{FOLDER}/model" if profile.model_folder else profile.model
    template = profile.image_chat_template if image.has_official_files else None
    if profile.chat_template:
        template = f"{FOLDER}/chat_template.jinja"
    return [
        *image.model_words(profile, model),
        *("--host", "0.0.0.0", "--port", PORT.partition("/")[0]),  # noqa: S104 - inside; published on loopback
        *server_flags(profile, request.target, f"{FOLDER}/files", template),
    ]


def _copies(request: LaunchRequest, *, with_weights: bool) -> tuple[tuple[Path, str], ...]:
    profile = request.profile
    copies = []
    if folder := profile.model_folder:
        files = [(path, name) for path, name in files_below(folder) if with_weights or not is_weights(path)]
        copies += [(path, f"{FOLDER}/model/{name}") for path, name in files]
    if profile.chat_template:
        copies.append((profile.chat_template, f"{FOLDER}/chat_template.jinja"))
    copies += [(file.source, f"{FOLDER}/files/{file.name}") for file in carried_files(request.target)]
    return tuple(copies)


def _model_cache() -> Path:
    """Return the user's cache of models, made if need be: an absent folder would be made by the engine, as root."""
    home = os.environ.get("HF_HOME")
    folder = Path(home) if home else Path.home() / ".cache" / "huggingface"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _folders(copies: tuple[tuple[Path, str], ...], profile: Profile) -> list[tuple[Path, str]]:
    """Return the copies as mounts, which is what a person would use."""
    single = [(path, f"{there}:ro") for path, there in copies if not there.startswith(f"{FOLDER}/model/")]
    return [*([(profile.model_folder, f"{FOLDER}/model:ro")] if profile.model_folder else []), *single]


def _shown(plan: Plan, profile: Profile, image: str, *, wants_gpu: bool) -> str:
    mounts = [*_folders(plan.copies, profile), *plan.mounts]
    command = ["docker", "run", "--rm", "-p", "127.0.0.1:8000:8000", "--shm-size", profile.shm_size]
    command += gpu_words() if wants_gpu else []
    command += [word for name, value in plan.env.items() for word in ("-e", f"{name}={value}")]
    command += [word for name in plan.secrets for word in ("-e", name)]
    command += [word for here, there in mounts for word in ("-v", f"{here.resolve()}:{there}")]
    return shlex.join([*command, image, *plan.words])
