"""What a failing item says whose findings are about many requests together."""

import shlex
from collections.abc import Sequence

from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.outcome import Judgement
from tests.harness.report.evidence import words_of


def observed_text(judgements: Sequence[Judgement]) -> str:
    """The findings alone."""
    return "\n".join(line for judgement in judgements for line in _finding(judgement))


def observed_failure(
    judgements: Sequence[Judgement], deployment: Deployment, item: str, by_hand: str = ""
) -> str:
    """Every finding, unexplained ones first, and how to see it again."""
    ordered = sorted(judgements, key=lambda judgement: judgement.known_issue is not None)
    names = dict.fromkeys(found.finding.name for found in ordered if found.known_issue is None)
    again = (
        f"  again      pytest --target {shlex.quote(deployment.target.text)} "
        f"-k {shlex.quote(words_of(item.rpartition('::')[2]))}"
    )
    # Test pages of CI systems show the first line alone.
    lines = [f"{ordered[0].case}: {', '.join(names)}", observed_text(ordered), again]
    if by_hand and deployment.managed:
        lines.append("  by hand    run with --keep: the server stays, and URL and key file are printed; then")
    return "\n".join([*lines, *([f"  by hand    {by_hand}"] if by_hand else [])])


def _finding(judgement: Judgement) -> list[str]:
    finding = judgement.finding
    known = f"   known: {judgement.known_issue}" if judgement.known_issue else ""
    return [
        f"  {finding.name}   {finding.message}{known}",
        f"    expected   {finding.expected}",
        f"    got        {finding.got}",
        f"    rule       {finding.source}",
    ]
