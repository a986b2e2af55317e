"""An answer after it was judged."""

from dataclasses import dataclass

from tests.harness.records.outcome import Judgement
from tests.harness.records.subject import Subject


@dataclass(frozen=True)
class Judged:
    """All findings about one answer, each with the ledger entry that explains it, if any."""

    subject: Subject
    judgements: tuple[Judgement, ...]
    covered: tuple[str, ...]
    """Ids of the `must` entries that this answer should show."""
    note: str = ""
    """Why a comparison was not made."""
    covering: tuple[str, ...] = ()
    """Ids of all `must` entries about this answer, also of those that were last seen in an older release."""
