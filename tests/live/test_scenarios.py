"""The scenarios of vLLM's xLAM example, answered by the model itself: what users see on the first day."""

import pytest

from tests.harness.catalogue.requests import History
from tests.harness.examiner import Examiner
from tests.harness.records.case import Case, Mode
from tests.harness.records.subject import Subject
from tests.harness.verifier import Verifier

TOOL_RUN = frozenset({"tool-run"})


@pytest.mark.topic("scenarios", "plain")
def test_query(case: Case, mode: Mode, examiner: Examiner, verifier: Verifier) -> None:
    """Round one: the right tools with the right arguments, or plain text; streamed and whole alike."""
    verify(examiner, verifier, examiner.query(case, mode))


@pytest.mark.topic("scenarios", "plain")
def test_follow_up(case: Case, mode: Mode, history: History, examiner: Examiner, verifier: Verifier) -> None:
    """Round two on a correct history: the answer uses the results of the tools."""
    verify(examiner, verifier, examiner.follow_up(case, mode, history))


@pytest.mark.topic("scenarios", "plain")
def test_chained_follow_up(
    case: Case, mode: Mode, history: History, examiner: Examiner, verifier: Verifier
) -> None:
    """Both rounds as a user's program goes through them: the tools run on what really came."""
    first = examiner.with_tools_run(examiner.query(case, mode))
    if first.tool_runs and all(run.result is not None for run in first.tool_runs):
        verify(examiner, verifier, examiner.follow_up_on(first, history))
    else:
        verify(examiner, verifier, first, only=TOOL_RUN)


def verify(
    examiner: Examiner, verifier: Verifier, subject: Subject, only: frozenset[str] | None = None
) -> None:
    """Judge an answer, show the model's own text beside a finding, and end the test."""
    judged = examiner.judge(subject, only)
    verifier.attach_model_text(judged)
    verifier.verify(judged)
