"""What a run was judged by, as far as a report tells of it: the cases as they were asked, the ledger as it stood."""

from dataclasses import dataclass

from tests.harness.core.records.case import ExpectedCall, Reading
from tests.harness.core.records.known_issue import Harm

BASIS_FILE = "basis.json"
BASIS_SCHEMA = 3
"""Version of the file; another one is refused."""


@dataclass(frozen=True)
class AskedCase:
    """What a case says about itself."""

    id: str
    topic: str
    why: str
    calls: tuple[ExpectedCall, ...]
    content: str | None
    ambiguous: str | None
    """Why more than one answer is right, or why the model is free in what it says."""
    readings: tuple[Reading, ...]
    """All right answers where there are several."""
    mentions: tuple[str, ...]
    """What the answer after the tools ran must mention."""
    cut: int | None
    wanted: str = ""
    """What is right, in words; empty: calls and content tell it."""
    size: int = 0
    """Characters of the text that the model is made to say, or of what it is asked: of two cases that show the same
    thing the smaller one is read."""


@dataclass(frozen=True)
class Defect:
    """A ledger entry, as a reader meets it."""

    id: str
    harm: Harm
    strength: str
    why: str
    users: str
    """What users meet, as a clause in their words."""
    upstream: str


@dataclass(frozen=True)
class Basis:
    """Of one run; empty for runs that were made before the file was written."""

    cases: tuple[AskedCase, ...] = ()
    defects: tuple[Defect, ...] = ()

    @property
    def sizes(self) -> dict[str, int]:
        """Return the size of each case by its id."""
        return {case.id: case.size for case in self.cases}
