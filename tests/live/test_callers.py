"""The scenarios as other programs ask them: other clients of the same address, and the server's other addresses."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.observation import Observation
from tests.harness.fixtures import GATE, selected
from tests.harness.judging.judge import Judge
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients.forced_callers import ForcedCallers
from tests.harness.suites.clients.suite import ENDPOINTS, Client, ClientSuite, Endpoint
from tests.harness.suites.forced import ForcedSuite

pytestmark = pytest.mark.live_only
Observe = Callable[..., None]
"""Of a case, what was seen, and tags beside the case's own."""


@pytest.fixture
def observe(client_suite: ClientSuite, judge: Judge, item_result: ItemResult) -> Observe:
    """Look the findings up in the ledger by the tags of the case and by others, and end the test."""
    parser = client_suite.server.deployment.profile.parser

    def look_up(case: Case, sight: Observation, *more_tags: str) -> None:
        item_result.observe(judge.observed(sight, case.id, parser, tags_of(case) | set(more_tags)))

    return look_up


@pytest.mark.topic("scenarios", "plain")
def test_caller(case: Case, client: Client, client_suite: ClientSuite, observe: Observe) -> None:
    """Whoever asks, the calls are the same."""
    if skip_reason := client_suite.skip_reason(client):
        pytest.skip(skip_reason)
    endpoint = client.partition("-")[0]
    observe(
        case, client_suite.query(case, client), f"surface={endpoint if endpoint in ENDPOINTS else 'chat'}"
    )


@pytest.mark.topic("scenarios", "plain", follow_up=True)
def test_caller_follow_up(
    case: Case, endpoint: Endpoint, mode: Mode, client_suite: ClientSuite, observe: Observe
) -> None:
    """Round two at the server's other addresses uses the results of the tools."""
    if skip_reason := client_suite.skip_reason(endpoint):
        pytest.skip(skip_reason)
    observe(case, client_suite.follow_up(case, endpoint, mode), f"surface={endpoint}")


@pytest.mark.topic("scenarios", "plain", follow_up=True)
def test_caller_chained_follow_up(
    case: Case, endpoint: Endpoint, mode: Mode, client_suite: ClientSuite, observe: Observe
) -> None:
    """Both rounds as a program goes through them: it sends back what its client made of round one."""
    if skip_reason := client_suite.skip_reason(endpoint):
        pytest.skip(skip_reason)
    observe(case, client_suite.chained(case, endpoint, mode), f"surface={endpoint}")


@pytest.fixture(scope="session")
def forced_callers(
    answer_store: AnswerStore,
    client_suite: ClientSuite,
    forced_suite: ForcedSuite,
    judge: Judge,
    request: pytest.FixtureRequest,
) -> Iterator[ForcedCallers]:
    """Force texts at the other addresses; ask for those of the selected tests side by side, before the first."""
    found = ForcedCallers(answer_store, client_suite, forced_suite, judge.version)
    wanted = [
        (params["endpoint"], params["case"], params["mode"])
        for params in selected("forced_callers", found.server, request)
    ]
    found.ask_ahead(wanted, request.config.stash[GATE].concurrency(found.server))
    yield found
    found.close()


@pytest.mark.topic("forced-*", unbounded=True)
def test_caller_forced(
    case: Case, endpoint: Endpoint, mode: Mode, forced_callers: ForcedCallers, observe: Observe
) -> None:
    """What a model is made to say means the same at the server's other addresses as at the chat address."""
    if skip_reason := forced_callers.skip_reason(endpoint, case, mode):
        pytest.skip(skip_reason)
    observe(case, forced_callers.forced(endpoint, case, mode), f"surface={endpoint}", "forced")
