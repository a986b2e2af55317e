"""Asks again for what nobody explains: deltas merge on a busy machine, and a defect that depends on that is no news."""

from collections.abc import Callable

from tests.harness.records.errors import NotRecorded

ATTEMPTS = 6
"""As often a finding has to come. Where the machine is busy with other work, two in a row are no proof."""
ALLOWANCE = 200
"""Attempts beyond the second, of a deployment: where so much comes again, two attempts tell enough."""

Again = Callable[[int], frozenset[str]]
"""The names of what attempt 1, 2 and so on shows."""


class Repeats:
    """Belongs to one deployment."""

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self._left = ALLOWANCE

    def lasting(self, names: frozenset[str], again: Again) -> frozenset[str]:
        """Those of `names` that every attempt shows; a replay asks no more than was recorded."""
        for attempt in range(1, ATTEMPTS):
            if not names or (attempt > 1 and not self._left):
                break
            self._left -= attempt > 1
            try:
                names &= again(attempt)
            except NotRecorded:
                break
        return names


def note_of(names: frozenset[str]) -> str:
    """What is said of findings that do not last; empty if there are none."""
    return f"depends on load: {', '.join(sorted(names))} did not come each time" if names else ""
