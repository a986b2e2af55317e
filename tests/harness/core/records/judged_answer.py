"""One answer after it was judged: the one record of it, from the judge to the pages that people read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from tests.harness.core.records.cut import Cut
from tests.harness.core.records.finding import Finding

NO_RESULT = "-"
"""Result of what tells of many requests at once, and so has no single one."""
UNEXPLAINED = ""
"""Stands among the ids of ledger entries for: none."""


@dataclass(frozen=True)
class ExplainedFinding:
    """A finding with the ledger entry that explains it, if any."""

    finding: Finding
    known_issue: str | None = None


@dataclass(frozen=True)
class Intermittent:
    """An unexplained finding that did not show each time it was asked for."""

    name: str
    """`check/symptom`."""
    rate: str
    """`1 of 2 times`."""


@dataclass(frozen=True)
class JudgedAnswer:
    """What was found in one answer of an item."""

    case: str
    mode: str
    split: str
    turn: int
    """1: the query; 2: the answer after the tools ran."""
    exchange: str
    """Name of its recording (`ExchangeKey.name`); empty where there is none."""
    result: str
    """Short hash of what the answer came to; equal for equal results, whatever the ids and the timing."""
    findings: tuple[ExplainedFinding, ...] = ()
    cut: Cut | None = None
    """Where its deltas ended in the forced text, none if it is not streamed; None: not known, or nothing was forced."""
    cut_tags: tuple[str, ...] = ()
    """What is true of the cut (`cases.cut_tags`), sorted; none where it is not known."""
    sought: bool = False
    """Asked for beside what every run asks: to show a finding by fewer cuts, or under a cut of the baseline."""
    must_due: tuple[str, ...] = ()
    """Ids of the `must` entries that it has to show: of those last seen in this release or a later one. None where an
    error ended it."""
    must_covering: tuple[str, ...] = ()
    """Ids of all `must` entries about it, also of those that were last seen in an older release."""
    note: str = ""
    """Why a comparison was not made, or what did not show each time."""
    intermittent: tuple[Intermittent, ...] = ()
    """What did not show each time, and so is not among the findings."""

    @property
    def names(self) -> frozenset[str]:
        """Return `check/symptom` of all findings."""
        return frozenset(explained.finding.name for explained in self.findings)

    @property
    def unexplained(self) -> frozenset[str]:
        """Return `check/symptom` of the findings that no ledger entry explains."""
        return frozenset(finding.name for finding in self.unexplained_findings)

    @property
    def unexplained_findings(self) -> tuple[Finding, ...]:
        """Return the findings that no ledger entry explains."""
        return tuple(explained.finding for explained in self.findings if explained.known_issue is None)

    @property
    def known_issues(self) -> frozenset[str]:
        """Return ids of the ledger entries that explain something in it."""
        return frozenset(
            explained.known_issue for explained in self.findings if explained.known_issue is not None
        )

    @property
    def place(self) -> tuple[str, int]:
        """Split and turn: where in its item it stands."""
        return self.split, self.turn

    def explaining(self, names: Collection[str]) -> frozenset[str]:
        """Return the ids of the entries that explain the findings of these names; `UNEXPLAINED` if one has none."""
        return frozenset(
            explained.known_issue or UNEXPLAINED
            for explained in self.findings
            if explained.finding.name in names
        )

    def without(self, names: Collection[str]) -> "JudgedAnswer":
        """Return the answer less the findings of these names."""
        remaining = tuple(explained for explained in self.findings if explained.finding.name not in names)
        return replace(self, findings=remaining)


def note_of(intermittent: Sequence[Intermittent]) -> str:
    """Return what is said of findings that did not show each time; empty if there are none."""
    shown = (f"{entry.name} came {entry.rate}" for entry in intermittent)
    return f"depends on load: {', '.join(shown)}" if intermittent else ""
