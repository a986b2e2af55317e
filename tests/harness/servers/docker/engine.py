"""The Docker engine of this machine, and plain sentences where there is none to be used."""

import os
import re
import socket

import docker
from docker.errors import DockerException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.docker_client import get_docker_host

from tests.harness.core.records.errors import InfrastructureError

_SHORT_ID = re.compile(r"[0-9a-f]{12}")
"""What Docker makes the host name of a container that is given none."""
_LOCAL = ("unix://", "npipe://", "http+unix://")


class NoEngine(InfrastructureError):
    """No Docker engine can be used; `brief` says why in a few words."""

    def __init__(self, brief: str, advice: str) -> None:
        """Make the message of both parts."""
        super().__init__(f"{brief}: {advice}")
        self.brief = brief


def engine_address() -> str | None:
    """Return where DOCKER_HOST, testcontainers' settings or Docker's context put the engine; None: the usual place."""
    address: str | None = get_docker_host()
    return address


def local_engine() -> docker.DockerClient:
    """Return a client of the engine on this machine. Raises NoEngine."""
    address = engine_address()
    if address and not address.startswith(_LOCAL):
        raise NoEngine(
            f"the Docker engine {address} is on another machine",
            "that is not supported yet, because servers are published on the loopback interface only;"
            " run the suite on that machine, or start the server there and name it as http://HOST:PORT",
        )
    try:
        client = docker.DockerClient(base_url=address)
        client.ping()
    except (DockerException, OSError) as error:
        if "Permission denied" in str(error):
            raise NoEngine(
                "the Docker engine refuses this user", "join the group `docker`, or run as root"
            ) from error
        raise NoEngine(
            "no Docker engine answers",
            f"start Docker, or choose a target of another kind ({address or 'the default socket'} was tried)",
        ) from error
    return client


def engine_environment() -> dict[str, str]:
    """Return the environment for a program that shall use the same engine."""
    address = engine_address()
    return {**os.environ, **({"DOCKER_HOST": address} if address else {})}


def require_loopback(client: docker.DockerClient) -> None:
    """Refuse a suite that runs in a container beside the server's: its loopback interface is another one."""
    own = socket.gethostname()
    if _SHORT_ID.fullmatch(own) and client.containers.list(filters={"id": own}):
        raise NoEngine(
            "the suite itself runs in a container of this Docker engine",
            "ports that the engine publishes on 127.0.0.1 cannot be reached from there;"
            " run the suite on the machine itself, or its container with `--network host`",
        )


def disable_ryuk() -> None:
    """Keep testcontainers from starting its cleaning container: the reaper does that work, without an image to pull."""
    testcontainers_config.ryuk_disabled = True


def explanation(error: Exception) -> str:
    """Return the engine's message on one line, without the HTTP around it."""
    message = getattr(error, "explanation", None) or str(error)
    return " ".join(
        (message.decode(errors="replace") if isinstance(message, bytes) else str(message)).split()
    )
