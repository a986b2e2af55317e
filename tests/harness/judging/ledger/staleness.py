"""`must` entries of the ledger that a run did not show: stale, or fixed in the build that was tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.outcome import known_issue_counts
from tests.harness.core.records.run import Header, Run
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
    """Return what a run did not show; nothing of a part of the items. What is saved in its footer stands.

    An answer that is wrong in a way that nobody explains says nothing about an entry: the defect may be hidden behind.
    """
    if run.footer is not None:
        return StaleEntries(tuple(issue for issue in issues if issue.id in run.footer.stale))
    if run.partial:
        return StaleEntries()
    answers = [answer for outcome in run.outcomes for answer in outcome.answers if not answer.unexplained]
    shown = known_issue_counts(run.outcomes)
    covering = {name for answer in answers for name in answer.must_covering}
    due = {name for answer in answers for name in answer.must_due}
    silent = [issue for issue in issues if issue.id in covering and issue.id not in shown]
    stale = tuple(issue for issue in silent if issue.id in due and not run.header.patched)
    return StaleEntries(stale, tuple(issue for issue in silent if issue not in stale))


def ledger_line(issue: KnownIssue, header: Header) -> str:
    """Return which line of which file is to be changed, and how, because a defect is gone."""
    place = f"{_FOLDER / Path(issue.source).name}, issue {issue.id!r}"
    release = release_of(header.ledger_version)
    if header.patched or release is None:
        return f"{place}: gone in this build; end `versions` (now {issue.versions!r}) where a release has the fix"
    return f'{place}: gone in {release}; write versions = "{issue.versions},<{release}"'
