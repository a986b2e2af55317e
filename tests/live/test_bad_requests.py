"""Requests that a server has to refuse: clearly, without showing its inside, and without harm to anybody else."""

import pytest

from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.fuzzing import Effort
from tests.harness.fixtures import GATE
from tests.harness.judging.judge import Judge
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.bad_requests.mutated import MutatedRequests
from tests.harness.suites.bad_requests.suite import BadRequestSuite

pytestmark = pytest.mark.live_only


@pytest.fixture(scope="session")
def bad_request_suite(answer_store: AnswerStore, request: pytest.FixtureRequest) -> BadRequestSuite:
    """Sends them, and looks after each how the server is."""
    return BadRequestSuite(answer_store, request.config.stash[GATE].options.launch_timeout_s)


def test_bad_request(
    bad_request: BadRequest, bad_request_suite: BadRequestSuite, judge: Judge, item_result: ItemResult
) -> None:
    """A clear refusal, and a server that goes on as before."""
    if skip_reason := bad_request_suite.skip_reason(bad_request):
        pytest.skip(skip_reason)
    parser = bad_request_suite.server.deployment.profile.parser
    observed = judge.observed(bad_request_suite.probe(bad_request), bad_request.id, parser, bad_request.tags)
    item_result.observe(bad_request_suite.take_note(observed, bad_request.id))


@pytest.mark.risk("crash")
def test_mutated_requests(
    bad_request_suite: BadRequestSuite, judge: Judge, item_result: ItemResult, request: pytest.FixtureRequest
) -> None:
    """Whatever stands in a field, a client's mistake is called one, and the server lives."""
    options = request.config.stash[GATE].options
    if not options.fuzz_examples:
        pytest.skip("--fuzz-examples 0: no requests are generated")
    if skip_reason := bad_request_suite.skip_reason():
        pytest.skip(skip_reason)
    mutator = MutatedRequests(bad_request_suite, judge, Effort(options.fuzz_examples, options.fuzz_seed))
    item = request.function.__name__
    item_result.observe(bad_request_suite.take_note(mutator.run(item), item))
