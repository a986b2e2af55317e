"""What the tests of this folder share."""

import secrets
from collections.abc import Callable, Iterator

import docker
import pytest

from tests.harness.servers.docker.engine import NoEngine, local_engine
from tests.harness.servers.docker.labels import session_label
from tests.selftest.servers.docker.standin_image import API_SERVER, SERVE, import_image, standin_archive

TAG = "xlam-gate/standin"


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    try:
        client = local_engine()
    except NoEngine as problem:
        pytest.skip(f"not applicable: no Docker engine ({problem.brief})")
    yield client
    client.close()


@pytest.fixture(scope="session")
def archive() -> bytes:
    return standin_archive()


@pytest.fixture(scope="session")
def make_image(engine: docker.DockerClient, archive: bytes) -> Iterator[Callable[..., str]]:
    """Make a stand-in image with an ENTRYPOINT and variables; returns its name."""
    session = secrets.token_hex(6)

    def make(entrypoint: tuple[str, ...], **env: str) -> str:
        identity = import_image(engine, archive, entrypoint, session, env)
        engine.images.get(identity).tag(TAG, identity[-12:])
        return f"{TAG}:{identity[-12:]}"

    yield make
    for image in engine.images.list(filters={"label": session_label(session)}):
        engine.images.remove(image.id or "", force=True)


@pytest.fixture(scope="session")
def serve_image(make_image: Callable[..., str]) -> str:
    return make_image(SERVE)


@pytest.fixture(scope="session")
def api_server_image(make_image: Callable[..., str]) -> str:
    return make_image(API_SERVER)


@pytest.fixture(scope="session")
def gpu_image(make_image: Callable[..., str]) -> str:
    return make_image(SERVE, NVIDIA_VISIBLE_DEVICES="all")
