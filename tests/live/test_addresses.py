"""What a request may ask for beside its question, at the server's other addresses: in the words of each."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import Case, Mode
from tests.harness.fixtures import GATE, selected
from tests.harness.judging.judge import Judge
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients.contract import AddressContract
from tests.harness.suites.clients.counts import CountSuite
from tests.harness.suites.clients.stored import StoredResponses
from tests.harness.suites.clients.suite import ClientSuite, Endpoint

pytestmark = pytest.mark.live_only
Verify = Callable[[str, Case, Mode], None]
"""Of an address, a case and a mode."""


@pytest.fixture(scope="module")
def address_contract(
    answer_store: AnswerStore, client_suite: ClientSuite, request: pytest.FixtureRequest
) -> Iterator[AddressContract]:
    """Knows the words of each address; asks for what the selected tests need side by side, before the first."""
    found = AddressContract(answer_store, client_suite)
    wanted = [
        (params.get("endpoint", params["case"].topic), params["case"], params["mode"])
        for params in selected("address_contract", answer_store.server, request)
    ]
    found.ask_ahead(wanted, request.config.stash[GATE].concurrency(answer_store.server))
    yield found
    found.close()


@pytest.fixture
def verify(address_contract: AddressContract, judge: Judge, item_result: ItemResult) -> Verify:
    """Ask, look the findings up in the ledger, and end the test."""

    def look_up(endpoint: str, case: Case, mode: Mode) -> None:
        if skip_reason := address_contract.skip_reason(endpoint, case, mode):
            pytest.skip(skip_reason)
        sight = address_contract.observe(endpoint, case, mode)
        tags = tags_of(case) | {f"surface={endpoint}", "other-address"}
        tags |= set() if case.tools else {"no-tools"}
        item_result.observe(judge.observed(sight, case.id, address_contract.reader(endpoint, case), tags))

    return look_up


@pytest.fixture(scope="module")
def count_suite(answer_store: AnswerStore, client_suite: ClientSuite) -> Iterator[CountSuite]:
    """Asks every address how many tokens a question has."""
    found = CountSuite(answer_store, client_suite)
    yield found
    found.close()


@pytest.mark.topic("contract-limits", "contract-tool-choice", "contract-tools")
def test_contract_at_address(case: Case, endpoint: Endpoint, mode: Mode, verify: Verify) -> None:
    """What the chat address promises for a request holds wherever it can be asked for."""
    verify(endpoint, case, mode)


@pytest.mark.topic("messages", "responses", "batch", "invocations")
def test_address(case: Case, mode: Mode, verify: Verify) -> None:
    """What an address alone has: its own words, its own shapes of a history, its own errors."""
    verify(case.topic, case, mode)


@pytest.fixture(scope="module")
def stored_responses(answer_store: AnswerStore, client_suite: ClientSuite) -> Iterator[StoredResponses]:
    """Goes on with responses that the server keeps."""
    found = StoredResponses(answer_store, client_suite)
    yield found
    found.close()


@pytest.mark.topic("scenarios", follow_up=True)
def test_stored(
    case: Case, mode: Mode, stored_responses: StoredResponses, judge: Judge, item_result: ItemResult
) -> None:
    """Both rounds, the second by the id of the first: the server remembers what was said."""
    if skip_reason := stored_responses.skip_reason():
        pytest.skip(skip_reason)
    parser = stored_responses.server.deployment.profile.parser
    tags = tags_of(case) | {"surface=responses", "other-address"}
    item_result.observe(judge.observed(stored_responses.observe(case, mode), case.id, parser, tags))


@pytest.mark.topic("scenarios", "plain")
def test_counts(case: Case, count_suite: CountSuite, judge: Judge, item_result: ItemResult) -> None:
    """A question has one number of tokens, whoever counts it."""
    parser = count_suite.server.deployment.profile.parser
    item_result.observe(judge.observed(count_suite.observe(case), case.id, parser, tags_of(case)))
