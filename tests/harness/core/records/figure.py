"""What was measured, for people to read and for runs to be compared by: never a judgement."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_SAMPLES = 200
"""Of more, as many are kept, evenly spread over the sorted ones."""
_DIGITS = 6


@dataclass(frozen=True)
class Figure:
    """One quantity of one item."""

    name: str
    """`first tool delta, 64 at once`: the same in every run."""
    unit: str
    samples: tuple[float, ...]
    """Sorted; at least one."""
    count: int
    """Samples that were taken, those that were not kept too."""

    def at(self, share: float) -> float:
        """Return the sample below which this share of them lies."""
        return self.samples[min(len(self.samples) - 1, int(share * len(self.samples)))]

    @property
    def summary(self) -> str:
        """Return, in a line, the only sample, or middle, ninetieth of a hundred, and largest."""
        if len(self.samples) == 1:
            return f"{self.samples[0]:.3g} {self.unit}".strip()
        return (
            f"{self.at(0.5):.3g} {self.unit} (90 of 100: {self.at(0.9):.3g}, most {self.samples[-1]:.3g}, "
            f"of {self.count})"
        )


def figures_of(name: str, unit: str, samples: Iterable[float]) -> tuple[Figure, ...]:
    """Return the figure of these samples; none if there are none."""
    ordered = sorted(round(sample, _DIGITS) for sample in samples)
    if not ordered:
        return ()
    return (Figure(name, unit, tuple(_spread(ordered)), len(ordered)),)


def _spread(ordered: list[float]) -> list[float]:
    if len(ordered) <= MOST_SAMPLES:
        return ordered
    step = (len(ordered) - 1) / (MOST_SAMPLES - 1)
    return [ordered[round(place * step)] for place in range(MOST_SAMPLES)]
