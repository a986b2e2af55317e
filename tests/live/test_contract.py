"""What a request may ask for beside its question, and every shape of history that clients send."""

from collections.abc import Iterator

import pytest

from tests.harness.core.records.case import Case, Mode
from tests.harness.fixtures import GATE, selected
from tests.harness.judging.judge import Judge
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.contract import ContractSuite
from tests.harness.suites.forced import ForcedSuite


@pytest.fixture(scope="module")
def contract_suite(
    answer_store: AnswerStore, judge: Judge, request: pytest.FixtureRequest
) -> Iterator[ContractSuite]:
    """Asks under the terms of each case; records what the selected tests need side by side, before the first."""
    gate = request.config.stash[GATE]
    forced_suite = ForcedSuite(answer_store, judge, gate.options.depth)
    found = ContractSuite(answer_store, judge, forced_suite)
    server = answer_store.server
    wanted = [(params["case"], params["mode"]) for params in selected("contract_suite", server, request)]
    found.record(wanted, gate.concurrency(server), server.request.progress)
    yield found
    forced_suite.close()


@pytest.mark.topic("contract-*", "history")
def test_contract(case: Case, mode: Mode, contract_suite: ContractSuite, item_result: ItemResult) -> None:
    """The answer keeps what the API promises for such a request."""
    plan = contract_suite.plan(case, mode)
    if not plan.splits:
        pytest.skip("; ".join(dict.fromkeys(reason for _, reason in plan.not_applicable)))
    item_result.note_not_applicable(plan.not_applicable)
    item_result.verify(*contract_suite.confirmed(case, mode))
