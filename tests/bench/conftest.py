"""The server that the measurements of the sweep share."""

from collections.abc import Iterator

import pytest

from tests.harness.catalogue.profiles import load_profile
from tests.harness.deployment.bring_up import Live, bring_up
from tests.harness.deployment.cache import cache_folder
from tests.harness.deployment.contract import LaunchOrder
from tests.harness.deployment.progress import Progress
from tests.harness.deployment.targets import parse_target


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("server")
    target, profile = parse_target("process:0.32.0"), load_profile("fixture")
    order = LaunchOrder(target, profile, folder / "server.log", cache_folder(), Progress(print))
    found = bring_up(order, deadline_s=600)
    yield found
    found.take_down(keep=False)
