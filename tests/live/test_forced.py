"""The parser against every text of the catalogue, under every split: deterministic, whatever the model."""

import pytest

from tests.harness.forcer import Forcer
from tests.harness.records.case import Case, Mode
from tests.harness.verifier import Verifier


@pytest.mark.topic("forced-*")
def test_forced(case: Case, mode: Mode, forcer: Forcer, verifier: Verifier) -> None:
    """The result does not depend on how the stream is cut."""
    if obstacle := forcer.obstacle():
        pytest.skip(obstacle)
    plan = forcer.plan(case, mode)
    if not plan.splits:
        pytest.skip("; ".join(dict.fromkeys(reason for _, reason in plan.not_applicable)))
    verifier.note_not_applicable(plan.not_applicable)
    verifier.verify(*forcer.confirmed(case, mode))
