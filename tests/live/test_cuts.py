"""The parser against every place at which a stream can be cut."""

import pytest

from tests.harness.core.records.case import Case
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.sweep import SweepSuite


@pytest.mark.topic("forced-*", swept=True)
def test_cuts(case: Case, sweep_suite: SweepSuite, item_result: ItemResult) -> None:
    """The result does not depend on where the stream is cut."""
    if skip_reason := sweep_suite.skip_reason():
        pytest.skip(skip_reason)
    item_result.verify(*sweep_suite.confirmed(case, "stream"))
