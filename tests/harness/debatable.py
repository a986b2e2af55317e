"""What can be said of an answer where nobody can say what is right: its form, and that streamed agrees with whole."""

from tests.harness.checks.registry import judge_all, judge_form
from tests.harness.records.finding import Finding
from tests.harness.records.subject import Subject


def judge_what_can_be(subject: Subject) -> tuple[Finding, ...]:
    """All findings about an answer; of one that is cut or debatable only those that rest on no opinion."""
    if subject.case.cut is not None:
        return judge_form(subject)
    if subject.case.debatable is not None:
        return judge_form(subject, "parity")
    return judge_all(subject)
