"""Two whole runs side by side, as the ledger and the user want them judged."""

from collections.abc import Collection, Sequence

from tests.harness.core.records.comparison import Comparison
from tests.harness.core.records.known_issue import Harm, KnownIssue
from tests.harness.core.records.run import Run
from tests.harness.gate.compare import compare
from tests.harness.gate.decision_table import Rules
from tests.harness.gate.verdict import shown_issues
from tests.harness.judging.ledger.staleness import StaleEntries
from tests.harness.judging.ledger.versions import covers


def compared(  # noqa: PLR0913 - what a verdict depends on
    before: Run,
    after: Run,
    silence: StaleEntries,
    issues: Sequence[KnownIssue],
    *,
    accepted: Collection[str] = (),
    block: Sequence[Harm] = (),
    partial: bool = False,
) -> Comparison:
    """`silence` is the candidate's; `accepted` are ids of `--accept-known`; `partial`: a filter left items out."""
    shown, version = shown_issues(before.outcomes), after.header.ledger_version
    rules = Rules(
        issues=issues,
        stale=[issue.id for issue in silence.stale],
        fixed=[issue.id for issue in silence.fixed],
        by_chance=[
            issue.id
            for issue in issues
            if issue.strength == "may" and issue.id in shown and covers(issue, version)
        ],
        accepted=accepted,
        block=block,
        partial=partial,
    )
    return compare(before, after, rules)
