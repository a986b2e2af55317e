"""An answer after it was judged."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from tests.harness.core.records.outcome import Judgement
from tests.harness.core.records.subject import CheckContext


@dataclass(frozen=True)
class Judged:
    """All findings about one answer, each with the ledger entry that explains it, if any."""

    context: CheckContext
    judgements: tuple[Judgement, ...]
    covered: tuple[str, ...]
    """Ids of the `must` entries that this answer should show."""
    note: str = ""
    """Why a comparison was not made."""
    covering: tuple[str, ...] = ()
    """Ids of all `must` entries about this answer, also of those that were last seen in an older release."""

    @property
    def names(self) -> frozenset[str]:
        """What the findings are called."""
        return frozenset(found.finding.name for found in self.judgements)

    @property
    def unexplained(self) -> frozenset[str]:
        """The names of those that no entry explains."""
        return frozenset(found.finding.name for found in self.judgements if found.known_issue is None)

    def without(self, names: Collection[str]) -> "Judged":
        """The same less the findings of these names."""
        kept = tuple(found for found in self.judgements if found.finding.name not in names)
        return replace(self, judgements=kept)
