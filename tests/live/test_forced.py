"""The parser against every forced text, under every split: deterministic, whatever the model."""

import pytest

from tests.harness.core.records.case import Case, Mode
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.forced import ForcedSuite


@pytest.mark.topic("forced-*")
def test_forced(case: Case, mode: Mode, forced_suite: ForcedSuite, item_result: ItemResult) -> None:
    """The result does not depend on how the stream is cut."""
    if skip_reason := forced_suite.skip_reason():
        pytest.skip(skip_reason)
    plan = forced_suite.plan(case, mode)
    if not plan.splits:
        pytest.skip("; ".join(dict.fromkeys(reason for _, reason in plan.not_applicable)))
    item_result.note_not_applicable(plan.not_applicable)
    item_result.verify(*forced_suite.confirmed(case, mode))
