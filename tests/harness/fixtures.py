"""The fixture ladder: a deployment, what it answered, who judges it, and who asks."""

from collections.abc import Iterator
from typing import Any, TypeVar

import pytest

from tests.harness.core.records.case import Case
from tests.harness.judging.judge import Judge
from tests.harness.recording.model_text import ModelTexts
from tests.harness.report.evidence import Rerun
from tests.harness.servers.launch import Server
from tests.harness.session.gate_session import GateSession
from tests.harness.session.item_outcome import params_of
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients.suite import ClientSuite
from tests.harness.suites.forced import ForcedSuite
from tests.harness.suites.natural import NaturalSuite
from tests.harness.suites.sweep import SweepSuite

Suite = TypeVar("Suite", bound=ForcedSuite)
GATE = pytest.StashKey[GateSession]()
"""Where the session's own state is found."""


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Launch a server at its first test, and stop it after its last."""
    gate = request.config.stash[GATE]
    server = gate.open(request.param)
    yield server
    server.shut_down(gate.options.keep)


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    """Return the case, as the deployment's dialect says it."""
    said: Case = params_of(request.node)["case"]
    return said


@pytest.fixture(scope="session")
def answer_store(deployment: Server, request: pytest.FixtureRequest) -> Iterator[AnswerStore]:
    """Keep what the deployment answers in this session."""
    gate = request.config.stash[GATE]
    replayed = gate.archives.get(deployment.request.target)
    store = AnswerStore(deployment, deployment.request.log.parent, gate.worker, replayed)
    yield store
    store.close()


@pytest.fixture(scope="session")
def judge(deployment: Server, request: pytest.FixtureRequest) -> Judge:
    """Judge by the checks, and by the ledger as it stands for the deployment's version."""
    gate = request.config.stash[GATE]
    return Judge(gate.issues, gate.ledger_version(deployment))


@pytest.fixture(scope="session")
def natural_suite(answer_store: AnswerStore, judge: Judge) -> NaturalSuite:
    """Ask the deployment what users ask."""
    return NaturalSuite(answer_store, judge)


@pytest.fixture(scope="session")
def forced_suite(
    answer_store: AnswerStore, judge: Judge, request: pytest.FixtureRequest
) -> Iterator[ForcedSuite]:
    """Make the deployment say given texts; record what the selected tests need side by side, before the first."""
    gate = request.config.stash[GATE]
    cuts = gate.baseline_cuts(answer_store.server.deployment.label)
    yield from _recorded(ForcedSuite(answer_store, judge, gate.options.depth, cuts), "forced_suite", request)


@pytest.fixture(scope="session")
def sweep_suite(
    answer_store: AnswerStore, judge: Judge, request: pytest.FixtureRequest
) -> Iterator[SweepSuite]:
    """Cut texts at every place; record the selected ones side by side, before the first."""
    gate = request.config.stash[GATE]
    yield from _recorded(SweepSuite(answer_store, judge, gate.options.depth), "sweep_suite", request)


@pytest.fixture(scope="session")
def client_suite(answer_store: AnswerStore) -> Iterator[ClientSuite]:
    """Know the clients, and which addresses the server has."""
    found = ClientSuite(answer_store)
    yield found
    found.close()


@pytest.fixture(scope="session")
def model_texts(deployment: Server) -> ModelTexts:
    """Ask what the deployment's model writes by itself."""
    facts = deployment.deployment
    return ModelTexts(facts.base_url, facts.api_key, deployment.request.answer_timeout_s)


@pytest.fixture(scope="session")
def rerun(deployment: Server, request: pytest.FixtureRequest) -> Rerun:
    """Say how the deployment's items are asked again."""
    options = request.config.stash[GATE].options
    return Rerun.of(deployment.deployment, options.depth, options.allow, options.assume_version or "")


@pytest.fixture
def item_result(
    answer_store: AnswerStore, model_texts: ModelTexts, rerun: Rerun, request: pytest.FixtureRequest
) -> ItemResult:
    """End the test by what was judged; refuse to go on with a dead server."""
    answer_store.server.require_alive()
    target = params_of(request.node)["deployment"]
    return ItemResult(request.node, answer_store, model_texts, rerun, is_baseline=target.is_baseline)


def _recorded(suite: Suite, fixture: str, request: pytest.FixtureRequest) -> Iterator[Suite]:
    """Yield a suite with all recorded that the selected tests of its fixture need; close it behind them."""
    _record(suite, fixture, request)
    yield suite
    suite.close()


def _record(suite: ForcedSuite, fixture: str, request: pytest.FixtureRequest) -> None:
    """Record what the selected tests of a fixture need."""
    server = suite.server
    if suite.skip_reason() or server.recorded:
        return
    items = [(params["case"], params.get("mode", "stream")) for params in selected(fixture, server, request)]
    concurrency = request.config.stash[GATE].concurrency(server)
    suite.record_side_by_side(items, concurrency, server.request.progress)


def selected(fixture: str, server: Server, request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """Return the parameters of the selected tests that use a fixture on a deployment."""
    mine = (params_of(item) for item in request.session.items if _uses(item, fixture))
    return [params for params in mine if params["deployment"].label == server.deployment.label]


def _uses(item: pytest.Item, fixture: str) -> bool:
    return fixture in getattr(item, "fixturenames", ())
