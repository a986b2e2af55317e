"""The server that the measurements of the sweep share."""

from collections.abc import Iterator

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.launch import Server, launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    target, profile = parse_target("process:0.32.0"), load_profile("fixture")
    order = LaunchRequest(target, profile, folder / "server.log", cache_folder(), Progress(print))
    found = launch(order, deadline_s=600)
    yield found
    found.shut_down(keep=False)
