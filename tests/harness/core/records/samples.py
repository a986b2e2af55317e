"""Measured values of which a bounded number is kept, each with the same chance: an hour takes no more than a minute."""

from dataclasses import dataclass, field
from random import Random

MOST_KEPT = 2000


@dataclass
class Samples:
    """Vitter's algorithm R (doi.org/10.1145/3147.3165)."""

    values: list[float] = field(default_factory=list)
    count: int = 0
    _random: Random = field(default_factory=lambda: Random(0), repr=False)

    def add(self, *values: float) -> None:
        """Count measured values; of many, keep a fair sample."""
        for value in values:
            self.count += 1
            if len(self.values) < MOST_KEPT:
                self.values.append(value)
            elif (place := self._random.randrange(self.count)) < MOST_KEPT:
                self.values[place] = value
