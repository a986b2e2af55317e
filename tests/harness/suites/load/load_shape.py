"""How much load each depth makes: the default has to end within half a minute on two cores."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from tests.harness.core.records.case import Depth


@dataclass(frozen=True)
class LoadShape:
    """What is asked at a depth."""

    levels: tuple[tuple[int, int], ...]
    """Streams at a time, and how many in all."""
    leaving: int
    """Clients that leave."""
    lengths: tuple[int, ...]
    """Characters of long arguments."""
    slow_text: int
    """Characters of the text that is read slowly."""
    minutes: float = 0.0
    """Of the soak; 0: none."""


EFFORTS = MappingProxyType(
    {
        "default": LoadShape(((1, 4), (16, 32), (64, 64)), 30, (250, 1000), 1000),
        "full": LoadShape(((1, 8), (16, 64), (64, 192)), 200, (2000, 8000, 32000), 8000),
        "soak": LoadShape(((1, 8), (16, 64), (64, 192), (1000, 1000)), 200, (2000, 8000, 32000), 8000),
    }
)


def load_shape_of(depth: Depth, soak_minutes: float) -> LoadShape:
    """Return how much load a depth makes."""
    shape = EFFORTS[depth]
    return replace(shape, minutes=soak_minutes) if depth == "soak" else shape
