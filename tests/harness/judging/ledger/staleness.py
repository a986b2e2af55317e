"""`must` entries of the ledger that a run did not show: stale, or outlived by the build that was tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.run import Header, Run
from tests.harness.gate.verdict import shown_issues
from tests.harness.judging.ledger.versions import release_of

_FOLDER = Path("tests") / "known_issues"


@dataclass(frozen=True)
class StaleEntries:
    """Entries that say `must`, cover something that was judged, and did not show."""

    stale: tuple[KnownIssue, ...] = ()
    """On a stock release on which they were seen."""
    fixed: tuple[KnownIssue, ...] = ()
    """On a newer release, or a patched or development build."""


def stale_entries_of(run: Run, issues: Sequence[KnownIssue]) -> StaleEntries:
    """Of a run that left nothing out."""
    shown = shown_issues(run.outcomes)
    covered = {name for outcome in run.outcomes for cell in outcome.cells for name in cell.covered}
    due = {name for outcome in run.outcomes for name in outcome.covered}
    silent = [issue for issue in issues if issue.id in covered | due and issue.id not in shown]
    stale = [issue for issue in silent if issue.id in due and not run.header.patched]
    return StaleEntries(tuple(stale), tuple(issue for issue in silent if issue not in stale))


def ledger_line(issue: KnownIssue, header: Header) -> str:
    """Which line of which file is to be changed, and how, because a defect is gone."""
    place = f"{_FOLDER / Path(issue.source).name}, issue {issue.id!r}"
    release = release_of(header.ledger_version)
    if header.patched or release is None:
        return f"{place}: gone in this build; end `versions` (now {issue.versions!r}) where a release has the fix"
    return f'{place}: gone in {release}; write versions = "{issue.versions},<{release}"'
