"""Asks again for what nobody explains, and tells a defect from what a busy machine does to a stream.

There several deltas reach the parser as one, whatever was asked for: a defect of which the ledger says that it shows
where deltas are long then shows where they are short, sometimes twice in a row.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.judged import Judged

ATTEMPTS = 6
"""As often has to come what longer deltas would explain, the first time included; anything else: twice."""
RERUN_BUDGET = 200
"""Attempts of a deployment after which all has to come but twice: where so much comes again, it is not the machine."""

Again = Callable[[int], Collection[str]]
"""The names of what nobody explains in attempt 1, 2 and so on; the first answer is attempt 0."""


@dataclass(frozen=True)
class Repeated:
    """What came of some findings."""

    lasting: frozenset[str]
    """Names of those that came each time."""
    rates: dict[str, str]
    """How often the others came, by name: `1 of 2 times`."""


class Confirmation:
    """Belongs to one deployment."""

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self._left = RERUN_BUDGET

    def repeated(
        self, names: frozenset[str], again: Again, chunking_dependent: Collection[str] = ()
    ) -> Repeated:
        """Ask until it is clear which of `names` last; `doubtful` are those that longer deltas would explain.

        A replay asks no more than was recorded.
        """
        seen, asked, lasting = Counter(names), 1, names
        while due := lasting if asked == 1 else lasting.intersection(chunking_dependent):
            if asked == ATTEMPTS or (asked > 1 and not self._left):
                break
            try:
                shown = frozenset(again(asked))
            except NotRecorded:
                break
            self._left -= 1 if asked > 1 else 0
            asked += 1
            seen.update(shown)
            lasting -= due - shown
        rates = {name: f"{times} of {asked} times" for name, times in seen.items() if name not in lasting}
        return Repeated(lasting, rates)

    def confirmed(
        self, judged: Judged, chunking_dependent: Collection[str], again: Callable[[int], Judged]
    ) -> tuple[Judged, dict[str, str]]:
        """An answer less what nobody explains and what does not last, and how often that came."""

        def names_of(attempt: int) -> frozenset[str]:
            shown = again(attempt)
            return shown.unexplained | (shown.names & judged.unexplained)

        repeated = self.repeated(judged.unexplained, names_of, chunking_dependent)
        return judged.without(judged.unexplained - repeated.lasting), repeated.rates


def note_of(rates: dict[str, str]) -> str:
    """What is said of findings that do not last; empty if there are none."""
    told = (f"{name} came {rate}" for name, rate in sorted(rates.items()))
    return f"depends on load: {', '.join(told)}" if rates else ""
