"""What a failing item says whose findings are about many requests together."""

from collections.abc import Sequence

from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.report.evidence import Rerun


def observed_text(findings: Sequence[ExplainedFinding]) -> str:
    """Return the findings alone."""
    return "\n".join(line for explained in findings for line in _finding(explained))


def observed_failure(answer: JudgedAnswer, rerun: Rerun, item: str, by_hand: str = "") -> str:
    """Return every finding, unexplained ones first, and how to see it again."""
    ordered = sorted(answer.findings, key=lambda explained: explained.known_issue is not None)
    names = dict.fromkeys(explained.finding.name for explained in ordered if explained.known_issue is None)
    # Test pages of CI systems show the first line alone.
    lines = [f"{answer.case}: {', '.join(names)}", observed_text(ordered), rerun.command(item)]
    return "\n".join([*lines, *(rerun.by_hand(by_hand) if by_hand else [])])


def _finding(explained: ExplainedFinding) -> list[str]:
    finding = explained.finding
    known = f"   known: {explained.known_issue}" if explained.known_issue else ""
    return [
        f"  {finding.name}   {finding.message}{known}",
        f"    expected   {finding.expected}",
        f"    got        {finding.got}",
        f"    rule       {finding.source}",
    ]
