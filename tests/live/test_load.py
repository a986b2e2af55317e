"""Many users at a time, users who leave, long answers, slow networks: what a server does on a working day."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.judging import Judge
from tests.harness.load.acts import disconnects, long_arguments, nonces, slow_reader
from tests.harness.load.effort import effort_of
from tests.harness.load.loader import Loader
from tests.harness.load.soak import soak
from tests.harness.plugin import GATE
from tests.harness.recordings import Recordings
from tests.harness.records.observed import Sight
from tests.harness.verifier import Verifier

pytestmark = [pytest.mark.live_only, pytest.mark.risk("load")]
Act = Callable[[Callable[[Loader], Sight]], None]


@pytest.fixture
def under_load(
    recordings: Recordings, judge: Judge, verifier: Verifier, request: pytest.FixtureRequest
) -> Iterator[Act]:
    """Does something to the deployment under load, judges what it showed, and ends the test."""
    options = request.config.stash[GATE].options
    item = request.function.__name__
    loader = Loader(recordings, judge.version, effort_of(options.depth, options.soak_minutes), item)

    def act(what: Callable[[Loader], Sight]) -> None:
        if obstacle := loader.obstacle():
            pytest.skip(obstacle)
        parser = loader.live.deployment.profile.parser
        verifier.observe(judge.observed(what(loader), item, parser))

    yield act
    loader.close()


def test_nonces(under_load: Act) -> None:
    """Each stream brings its own secret and nobody else's; side by side no more of them fail."""
    under_load(nonces)


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
    effort = effort_of(options.depth, options.soak_minutes)
    if not effort.minutes:
        pytest.skip("the soak is a matter of --depth soak and --soak-minutes")
    request.node.add_marker(pytest.mark.timeout(3600 + 60 * effort.minutes))
    under_load(soak)
