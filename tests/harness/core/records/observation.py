"""What was seen where no single answer of the chat address is judged: many requests together, a refusal, a client."""

from dataclasses import dataclass

from tests.harness.core.records.case import Mode
from tests.harness.core.records.figure import Figure
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import Intermittent, JudgedAnswer, note_of


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
    intermittent: tuple[Intermittent, ...] = ()
    """What did not show each time, and so is no finding."""

    @property
    def note(self) -> str:
        """Return what is said of what did not show each time; empty where there is nothing of the kind."""
        return note_of(self.intermittent)

    @property
    def names(self) -> frozenset[str]:
        """Return `check/symptom` of all findings."""
        return frozenset(finding.name for finding in self.findings)


@dataclass(frozen=True)
class ObservedAnswer:
    """An observation beside its judged form."""

    observation: Observation
    answer: JudgedAnswer
