"""Requests that a server has to refuse: clearly, without showing its inside, and without harm to anybody else."""

import pytest

from tests.harness.bad.drawn import Mutator
from tests.harness.bad.prober import Prober
from tests.harness.judging import Judge
from tests.harness.plugin import GATE
from tests.harness.recordings import Recordings
from tests.harness.records.bad_request import BadRequest
from tests.harness.records.fuzzing import Effort
from tests.harness.verifier import Verifier

pytestmark = pytest.mark.live_only


@pytest.fixture(scope="session")
def prober(recordings: Recordings, request: pytest.FixtureRequest) -> Prober:
    """Sends them, and looks after each how the server is."""
    return Prober(recordings, request.config.stash[GATE].options.launch_timeout_s)


def test_bad_request(bad_request: BadRequest, prober: Prober, judge: Judge, verifier: Verifier) -> None:
    """A clear refusal, and a server that goes on as before."""
    if obstacle := prober.obstacle(bad_request):
        pytest.skip(obstacle)
    parser = prober.live.deployment.profile.parser
    observed = judge.observed(prober.probe(bad_request), bad_request.id, parser, bad_request.tags)
    verifier.observe(prober.take_note(observed, bad_request.id))


@pytest.mark.risk("crash")
def test_mutated_requests(
    prober: Prober, judge: Judge, verifier: Verifier, request: pytest.FixtureRequest
) -> None:
    """Whatever stands in a field, a client's mistake is called one, and the server lives."""
    options = request.config.stash[GATE].options
    if not options.fuzz_examples:
        pytest.skip("--fuzz-examples 0: no requests are generated")
    if obstacle := prober.obstacle():
        pytest.skip(obstacle)
    mutator = Mutator(prober, judge, Effort(options.fuzz_examples, options.fuzz_seed))
    item = request.function.__name__
    verifier.observe(prober.take_note(mutator.run(item), item))
