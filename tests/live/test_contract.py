"""What a request may ask for beside its question, and every shape of history that clients send."""

from collections.abc import Iterator

import pytest

from tests.harness.contractor import Contractor
from tests.harness.forcer import Forcer
from tests.harness.judging import Judge
from tests.harness.plugin import GATE
from tests.harness.recordings import Recordings
from tests.harness.records.case import Case, Mode
from tests.harness.verifier import Verifier


@pytest.fixture(scope="module")
def contractor(recordings: Recordings, judge: Judge, request: pytest.FixtureRequest) -> Iterator[Contractor]:
    """Asks under the terms of each case; records what the selected tests need side by side, before the first."""
    gate = request.config.stash[GATE]
    forcer = Forcer(recordings, judge, gate.options.depth)
    found = Contractor(recordings, judge, forcer)
    deployment = recordings.live.deployment
    params = [item.callspec.params for item in request.session.items if _is_here(item)]
    wanted = [(p["case"], p["mode"]) for p in params if p["deployment"].label == deployment.label]
    found.record(wanted, gate.concurrency(recordings.live), recordings.live.order.progress)
    yield found
    forcer.close()


def _is_here(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "contractor" in item.fixturenames


@pytest.mark.topic("contract-*", "history")
def test_contract(case: Case, mode: Mode, contractor: Contractor, verifier: Verifier) -> None:
    """The answer keeps what the API promises for such a request."""
    plan = contractor.plan(case, mode)
    if not plan.splits:
        pytest.skip("; ".join(dict.fromkeys(reason for _, reason in plan.not_applicable)))
    verifier.note_not_applicable(plan.not_applicable)
    verifier.verify(*contractor.confirmed(case, mode))
