"""`container:IMAGE`: vLLM in a container of this machine's Docker engine, through testcontainers."""

import contextlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException
from testcontainers.core.container import DockerContainer

from tests.harness.core.records.errors import InfrastructureError, UsageProblem
from tests.harness.core.records.target import Target
from tests.harness.servers.docker.container_log import follow_log
from tests.harness.servers.docker.container_plan import PORT, Plan, plan_for
from tests.harness.servers.docker.engine import (
    disable_ryuk,
    engine_environment,
    explanation,
    local_engine,
    require_loopback,
)
from tests.harness.servers.docker.gpu import start_refusal
from tests.harness.servers.docker.images import Image, obtain
from tests.harness.servers.docker.labels import session_label
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.reaper.client import Reaper, exit_sentence
from tests.harness.servers.scripted_engine import engine_files
from tests.harness.servers.server_command import carried_files

NAME = "container"
SCHEMES = (NAME,)
BORROWS = False
REPLAYS = False
DEFAULT_PROFILE = "fixture"
_NAME = re.compile(r"[A-Za-z0-9][\w.:/@-]*")
_GRACE_S = 5
"""Seconds that the server gets to end by SIGTERM."""
_LOG_END_S = 2.0
_ENDED = ("exited", "dead", "removing")


class Container:
    """A vLLM server in a container, under a reaper."""

    def __init__(self, container: DockerContainer, reaper: Reaper, plan: Plan) -> None:
        """Wrap a container that was started just now."""
        self._client = container.get_docker_client().client
        self._container = container.get_wrapped_container()
        self._reaper = reaper
        self._log: Thread | None = None
        self._stopped = False
        self.base_url = f"http://127.0.0.1:{self._published_port()}"
        self.command = plan.command
        self.origin = str(self._container.attrs["Image"])
        self.api_key: str | None = plan.secrets["VLLM_API_KEY"]
        self.stop_command = f"docker rm -f -v {self._container.short_id}"

    def follow(self, log: Path, secrets: list[str]) -> None:
        """Write the container's log to `log` from now on."""
        self._log = follow_log(self._container, log, secrets)

    def exited(self) -> str | None:
        """Return how the server ended (`exit code 1`), or None while it runs."""
        try:
            self._container.reload()
        except NotFound:
            return "its container was removed"
        except (DockerException, RequestException) as error:
            return f"the Docker engine does not answer any more ({explanation(error)})"
        if self._container.status not in _ENDED:
            return None
        if self._log:
            self._log.join(_LOG_END_S)  # its last lines say why
        state = self._container.attrs["State"]
        memory = ", out of memory (OOMKilled)" if state.get("OOMKilled") else ""
        return exit_sentence(int(state["ExitCode"])) + memory

    def stop(self) -> None:
        """End the server, remove the container with its anonymous volumes."""
        if self._stopped:
            return
        self._stopped = True
        with contextlib.suppress(DockerException, RequestException):
            self._container.stop(timeout=_GRACE_S)
        if self._log:
            self._log.join(_LOG_END_S)
        self._reaper.stop()
        self._client.close()

    def keep(self) -> None:
        """Leave the container running: it needs no reaper to live."""
        self._reaper.release()

    def _published_port(self) -> int:
        """Return the port where the engine published the server; 0 if it has ended already."""
        self._container.reload()
        published = self._container.ports.get(PORT)
        return int(published[0]["HostPort"]) if published else 0


def check(target: Target) -> None:
    """Require an image name that could exist."""
    carried_files(target)
    if not _NAME.fullmatch(target.value):
        raise UsageProblem(
            f"--target {target.text}: {target.value!r} is no image name (e.g. container:vllm/vllm-openai:v0.33.0)"
        )


def launch(request: LaunchRequest) -> ServerHandle:
    """Pull the image if it is not there, create the container, start it."""
    with contextlib.closing(local_engine()) as client:
        require_loopback(client)
        image = obtain(client, request.target.value, request.progress)
    disable_ryuk()
    with request.scratch() as scratch:
        server = _started(request, image, scratch)
        # All of it has been copied into the container, and of a kept one nobody would remove it.
        shutil.rmtree(scratch)
    return server


def _started(request: LaunchRequest, image: Image, scratch: Path) -> Container:
    """Return the running container, under a reaper."""
    reaper = Reaper(container_label=session_label(request.session), env=engine_environment())
    try:
        plan = plan_for(
            request,
            image,
            engine_files(scratch, request.profile.dialect) if is_scripted(request.target) else None,
        )
        container = _filled(plan, request.port)
        with reaper.busy():
            refusal = _answer(container.start)
        _accept(image.name, refusal)
        server = Container(container, reaper, plan)
    except BaseException:
        reaper.stop()
        raise
    server.follow(request.log, list(plan.secrets.values()))
    return server


def place(target: Target) -> str:
    """Return the image's name."""
    return target.value


def may_be_patched(target: Target) -> bool:
    """Return False: an image of one's own says so by its version, or is taken for the release that it names."""
    return False


def is_scripted(target: Target) -> bool:
    """Return whether the official image is served without a GPU (`gpu=none`)."""
    return target.gpu == "none"


def footprint(base_url: str) -> None:
    """Return None: the engine does not tell what a container's processes have open."""


def _filled(plan: Plan, port: int | None) -> DockerContainer:
    """Return the container of a plan, not created yet, to be published at `port`; None: at a free one."""
    container = DockerContainer(plan.image).with_command(plan.words).with_kwargs(**plan.engine_options)
    container.with_envs(**plan.env, **plan.secrets)
    for source, destination in plan.copies:
        container.with_copy_into_container(source, destination)
    for source, destination in plan.mounts:
        container.with_volume_mapping(str(source), destination, "rw")
    # Never on all interfaces, as testcontainers would.
    container.ports = {PORT: ("127.0.0.1", port)}  # type: ignore[dict-item]
    return container


def _answer(request: Callable[[], object]) -> str:
    """Return what the engine says if it refuses; empty if it does not."""
    try:
        request()
    except APIError as error:
        return explanation(error)
    return ""


def _accept(image: str, refusal: str) -> None:
    if refusal:
        raise InfrastructureError(
            start_refusal(image, refusal) or f"Docker does not start a container of {image}: {refusal}"
        )
