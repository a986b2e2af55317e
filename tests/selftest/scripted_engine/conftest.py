"""The newest official build that has a lock, served by the scripted engine; one for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.environment import OFFICIAL
from tests.harness.servers.launch import Server, launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target

LAUNCH_S = 300.0


def launched(folder: pytest.TempPathFactory, options: str = "") -> Server:
    """Return a server of the newest release; `options` stand in the target's brackets."""
    target = parse_target(f"wheel:{OFFICIAL.newest_locked()}{options}")
    log = folder.mktemp("server") / "server.log"
    request = LaunchRequest(target, load_profile("fixture"), log, cache_folder(), Progress(lambda _: None))
    return launch(request, LAUNCH_S)


@pytest.fixture(scope="session", params=["", "[arg=--no-async-scheduling]"], ids=["ahead", "in-step"])
def engine(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server whose scheduler runs ahead of the engine, as on a GPU, and one whose does not."""
    server = launched(tmp_path_factory, request.param)
    yield server
    server.shut_down(keep=False)
