"""Many users at a time, users who leave, long answers, slow networks: what a server does on a working day."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.core.records.observation import Observation
from tests.harness.fixtures import GATE
from tests.harness.judging.judge import Judge
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.load.load_driver import LoadDriver
from tests.harness.suites.load.load_shape import load_shape_of
from tests.harness.suites.load.scenarios import crosstalk, disconnects, long_arguments, slow_reader
from tests.harness.suites.load.soak import soak

pytestmark = [pytest.mark.live_only, pytest.mark.risk("load")]
Act = Callable[[Callable[[LoadDriver], Observation]], None]


@pytest.fixture
def under_load(
    answer_store: AnswerStore, judge: Judge, item_result: ItemResult, request: pytest.FixtureRequest
) -> Iterator[Act]:
    """Does something to the deployment under load, judges what it showed, and ends the test."""
    options = request.config.stash[GATE].options
    item = request.function.__name__
    driver = LoadDriver(answer_store, judge.version, load_shape_of(options.depth, options.soak_minutes), item)

    def act(what: Callable[[LoadDriver], Observation]) -> None:
        if skip_reason := driver.skip_reason():
            pytest.skip(skip_reason)
        parser = driver.server.deployment.profile.parser
        item_result.observe(judge.observed(what(driver), item, parser))

    yield act
    driver.close()


def test_nonces(under_load: Act) -> None:
    """Each stream brings its own secret and nobody else's; side by side no more of them fail."""
    under_load(crosstalk)


def test_disconnects(under_load: Act) -> None:
    """Clients that leave before the first token, inside the arguments or before `[DONE]` leave nothing behind."""
    under_load(disconnects)


def test_long_arguments(under_load: Act) -> None:
    """Time grows as the arguments do, and `/health` is answered meanwhile."""
    under_load(long_arguments)


def test_slow_reader(under_load: Act) -> None:
    """A client that pauses loses nothing, and nobody waits for it."""
    under_load(slow_reader)


def test_soak(under_load: Act, request: pytest.FixtureRequest) -> None:
    """After a long mixed load the server is well, and all streams were right."""
    options = request.config.stash[GATE].options
    shape = load_shape_of(options.depth, options.soak_minutes)
    if not shape.minutes:
        pytest.skip("the soak is a matter of --depth soak and --soak-minutes")
    request.node.add_marker(pytest.mark.timeout(3600 + 60 * shape.minutes))
    under_load(soak)
