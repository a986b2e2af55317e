"""What many requests together showed: no single exchange could be judged for it."""

from dataclasses import dataclass

from tests.harness.core.records.case import Mode
from tests.harness.core.records.figure import Figure
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.outcome import Judgement


@dataclass(frozen=True)
class Observation:
    """Findings and figures, before the ledger was asked."""

    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    not_applicable: tuple[str, ...] = ()
    """Why parts could not be looked at, one a part."""
    exchange: str = ""
    """Name of the recording that shows the first finding; empty where there is none."""
    by_hand: str = ""
    """A command that does it again; empty where no single one does."""
    mode: Mode = "stream"
    """How the answers came."""
    note: str = ""
    """What did not come each time, and so is no finding; empty where there is nothing of the kind."""

    @property
    def names(self) -> frozenset[str]:
        """What the findings are called."""
        return frozenset(finding.name for finding in self.findings)


@dataclass(frozen=True)
class Observed:
    """A sight, each finding with the ledger entry that explains it, if any."""

    sight: Observation
    judgements: tuple[Judgement, ...]
