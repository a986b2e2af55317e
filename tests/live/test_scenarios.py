"""The scenarios of vLLM's xLAM example, answered by the model itself: what users see on the first day."""

import pytest

from tests.harness.catalogue.requests import History
from tests.harness.examiner import Verifier
from tests.harness.records.case import Case, Mode

TOOL_RUN = frozenset({"tool-run"})


@pytest.mark.topic("scenarios", "plain")
def test_query(case: Case, mode: Mode, verifier: Verifier) -> None:
    """Round one: the right tools with the right arguments, or plain text; streamed and whole alike."""
    verifier.verify(verifier.examiner.query(case, mode))


@pytest.mark.topic("scenarios", "plain")
def test_follow_up(case: Case, mode: Mode, history: History, verifier: Verifier) -> None:
    """Round two on a correct history: the answer uses the results of the tools."""
    verifier.verify(verifier.examiner.follow_up(case, mode, history))


@pytest.mark.topic("scenarios", "plain")
def test_chained_follow_up(case: Case, mode: Mode, history: History, verifier: Verifier) -> None:
    """Both rounds as a user's program goes through them: the tools run on what really came."""
    examiner = verifier.examiner
    first = examiner.with_tools_run(examiner.query(case, mode))
    if any(run.result is None for run in first.tool_runs or ()) or not first.tool_runs:
        verifier.verify(first, only=TOOL_RUN)
        return
    verifier.verify(examiner.follow_up_on(first, history))
