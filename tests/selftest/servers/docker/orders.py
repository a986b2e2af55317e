"""Launch orders for stand-in images, and what is left of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker

from tests.harness.core.records.profile import Profile
from tests.harness.servers.docker.labels import session_label
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target

MODEL = "xlam-gate/standin"


def model_folder(folder: Path) -> Path:
    model = folder / "model"
    (model / "deep").mkdir(parents=True, exist_ok=True)
    (model / "config.json").write_text("{}")
    (model / "deep" / "weights").write_bytes(b"0" * 2000)
    return model


def order_for(
    image: str,
    folder: Path,
    *,
    options: str = "",
    write: Callable[[str], None] = lambda _: None,
    standin: dict[str, str] | None = None,
    **profile: Any,
) -> LaunchRequest:
    folder.mkdir(parents=True, exist_ok=True)
    env = {f"STANDIN_{name.upper()}": value for name, value in (standin or {}).items()}
    facts = {"model_folder": model_folder(folder), "shm_size": "48m", "env": env, **profile}
    described = Profile("standin", MODEL, "xlam", "to test the launcher", **facts)
    target = parse_target(f"container:{image}{options}")
    return LaunchRequest(target, described, folder / "server.log", folder, Progress(write))


def traces(engine: docker.DockerClient, session: str) -> list[str]:
    """Containers of a launch that exist, in whatever state."""
    filters = {"label": session_label(session)}
    return [str(entry["Id"]) for entry in engine.api.containers(all=True, filters=filters)]


def volumes(engine: docker.DockerClient) -> set[str]:
    return {str(volume.id) for volume in engine.volumes.list()}
