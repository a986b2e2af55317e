"""The scenarios of vLLM's xLAM example, answered by the model itself: what users see on the first day."""

import pytest

from tests.harness.cases.requests import History
from tests.harness.core.records.case import Case, Mode
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import tool_run
from tests.harness.session.item_result import ItemResult
from tests.harness.suites.natural import NaturalSuite

TOOL_RUN = frozenset({tool_run.CHECK.id})


@pytest.mark.topic("scenarios", "plain")
def test_query(case: Case, mode: Mode, natural_suite: NaturalSuite, item_result: ItemResult) -> None:
    """Round one: the right tools with the right arguments, or plain text; streamed and whole alike."""
    verify(natural_suite, item_result, natural_suite.query(case, mode))


@pytest.mark.topic("scenarios", "plain", follow_up=True)
def test_follow_up(
    case: Case, mode: Mode, history: History, natural_suite: NaturalSuite, item_result: ItemResult
) -> None:
    """Round two on a correct history: the answer uses the results of the tools."""
    verify(natural_suite, item_result, natural_suite.follow_up(case, mode, history))


@pytest.mark.topic("scenarios", "plain", follow_up=True)
def test_chained_follow_up(
    case: Case, mode: Mode, history: History, natural_suite: NaturalSuite, item_result: ItemResult
) -> None:
    """Both rounds as a user's program goes through them: the tools run on what really came."""
    first = natural_suite.with_tools_run(natural_suite.query(case, mode))
    if first.tool_runs and all(run.result is not None for run in first.tool_runs):
        verify(natural_suite, item_result, natural_suite.follow_up_on(first, history))
    else:
        verify(natural_suite, item_result, first, only=TOOL_RUN)


def verify(
    natural_suite: NaturalSuite,
    item_result: ItemResult,
    context: CheckContext,
    only: frozenset[str] | None = None,
) -> None:
    """Judge an answer, show the model's own text beside a finding, and end the test."""
    judged = natural_suite.judge(context, only)
    item_result.attach_model_text(judged)
    item_result.verify(judged)
