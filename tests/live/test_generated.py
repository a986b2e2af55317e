"""The parser against texts that nobody wrote: what is right about them is known by construction."""

from collections.abc import Iterator

import pytest

from tests.harness.core.records.case import Mode
from tests.harness.core.records.fuzzing import Effort
from tests.harness.fixtures import GATE
from tests.harness.judging.judge import Judge
from tests.harness.report.evidence import Rerun
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.generated.drawn_splits import DrawnSplitsSuite
from tests.harness.suites.generated.suite import GeneratedSuite

SECONDS_A_TEXT = 10
"""The last resort against a hang grows with the number of texts."""


@pytest.fixture
def generated_suite(
    answer_store: AnswerStore, judge: Judge, rerun: Rerun, request: pytest.FixtureRequest
) -> Iterator[GeneratedSuite]:
    """Generates texts and makes the deployment say them."""
    gate = request.config.stash[GATE]
    options = gate.options
    effort = Effort(options.fuzz_examples, options.fuzz_seed)
    request.node.add_marker(pytest.mark.timeout(3600 + SECONDS_A_TEXT * effort.examples))
    forced_suite = DrawnSplitsSuite(answer_store, judge, options.depth)
    concurrency = gate.concurrency(answer_store.server)
    yield GeneratedSuite(forced_suite, effort, concurrency, request.node.nodeid, rerun)
    forced_suite.close()


@pytest.mark.live_only
def test_generated(mode: Mode, generated_suite: GeneratedSuite, item_result: ItemResult) -> None:
    """Generated calls and answers arrive as they were written, however the stream is cut."""
    if skip_reason := generated_suite.skip_reason(mode):
        pytest.skip(skip_reason)
    found = generated_suite.run(mode)
    item_result.verify(*found.judged, failure=found.failure)
