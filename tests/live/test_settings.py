"""Settings that must change nothing: what is logged, cached, scheduled and read beside."""

import pytest

from tests.harness.cases.splits import CORE
from tests.harness.core.records.profile import Profile
from tests.harness.fixtures import GATE
from tests.harness.judging.judge import Judge
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.forced import ForcedSuite
from tests.harness.suites.settings import SettingSuite

pytestmark = [pytest.mark.live_only, pytest.mark.risk("load")]
ASKED = {"scenarios", "plain", CORE}
"""Topics."""


def test_setting(
    setting: Profile,
    answer_store: AnswerStore,
    judge: Judge,
    item_result: ItemResult,
    request: pytest.FixtureRequest,
) -> None:
    """A server with the setting answers as the one without."""
    gate = request.config.stash[GATE]
    forced_suite = ForcedSuite(answer_store, judge, "default")
    suite = SettingSuite(answer_store, forced_suite, gate.options.launch_timeout_s)
    try:
        if skip_reason := suite.skip_reason(setting, gate.options.depth):
            pytest.skip(skip_reason)
        dialect = answer_store.server.deployment.profile.dialect
        cases = [case for case in gate.asked_cases(dialect) if case.topic in ASKED]
        sight = suite.observe(setting, cases, gate.concurrency(answer_store.server))
    finally:
        forced_suite.close()
    parser = answer_store.server.deployment.profile.parser
    item_result.observe(judge.observed(sight, setting.id, parser, frozenset({f"setting={setting.id}"})))
