"""The causes that a deployment has shown often enough: nothing more is asked about them, and nothing told in full."""

from collections.abc import Collection, Iterable

from tests.harness.core.records.cause import CauseKey
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import Intermittent

ENOUGH = 10
"""Cases in which a cause has to last before it is taken at its word.

What shows in half of all streams lasts ten times in a row once in a thousand runs; and ten requests more a cause are
nothing beside the thousands of a run, of which a broken parser would have each one asked again.
"""
TOLD = 3
"""Items that tell of a cause in full; one may be odd, of three a reader sees what they have in common."""
AS_BEFORE = f"as {TOLD} before: "
"""How the one line begins that is all that further ones say."""


class SeenCauses:
    """Belongs to one deployment."""

    def __init__(self) -> None:
        """Begin without a cause."""
        self._cases: dict[CauseKey, set[str]] = {}
        self._intermittent: set[str] = set()
        """`check/symptom` of what did not come each time: of these every answer has to be looked at."""
        self._items: dict[CauseKey, set[str]] = {}

    def is_enough(self, findings: Collection[Finding]) -> bool:
        """Return whether there are findings, and the causes of all of them are known well enough."""
        return bool(findings) and all(map(self._is_known, findings))

    def note(self, case: str, lasting: Iterable[Finding], intermittent: Iterable[Intermittent] = ()) -> None:
        """Count a case whose answer was asked for again: what showed each time, and what did not."""
        for finding in lasting:
            self._cases.setdefault(CauseKey.of(finding), set()).add(case)
        self._intermittent.update(entry.name for entry in intermittent)

    def is_told(self, findings: Collection[Finding]) -> bool:
        """Return whether there are findings, and enough items have told of the causes of all of them in full."""
        return bool(findings) and all(
            len(self._items.get(CauseKey.of(finding), ())) >= TOLD for finding in findings
        )

    def tell(self, item: str, findings: Collection[Finding]) -> str:
        """Return what an item says that need not tell of its findings in full; empty, and counted, if it has to."""
        if self.is_told(findings):
            return f"{AS_BEFORE}{', '.join(sorted({finding.name for finding in findings}))}"
        for finding in findings:
            self._items.setdefault(CauseKey.of(finding), set()).add(item)
        return ""

    def _is_known(self, finding: Finding) -> bool:
        cases = self._cases.get(CauseKey.of(finding), ())
        return len(cases) >= ENOUGH and finding.name not in self._intermittent
