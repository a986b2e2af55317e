"""How long users wait, run beside run: the first delta, and the time between deltas."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.reply import Reply
from tests.harness.report.evidence import Recorded
from tests.harness.report.run_report import RunReport

_POINTS = (0.05, 0.25, 0.5, 0.75, 0.95)
_LEAST_MS = 0.01
"""Shorter times are drawn as this one: the scale has no zero."""


@dataclass
class Waits:
    """Milliseconds of one run's streamed answers."""

    first: list[float] = field(default_factory=list)
    """From the request to the first delta that carries content or a piece of a call."""
    between: list[float] = field(default_factory=list)
    """From one arrival to the next; events that arrive together are one."""
    answers: int = 0

    def add(self, reply: Reply) -> None:
        """Count the times of one answer."""
        if not reply.streamed or not reply.events:
            return
        self.answers += 1
        timing = reply.timing
        begun = [at for at in (timing.first_content, timing.first_call) if at is not None]
        if begun:
            self.first.append(min(begun) * 1000)
        times = sorted({event.at for event in reply.events})
        self.between += [(later - at) * 1000 for at, later in pairwise(times)]


@dataclass(frozen=True)
class Bar:
    """One run in a chart; positions are percent of its width."""

    name: str
    summary: str
    """The numbers in words."""
    low: float
    left: float
    middle: float
    right: float
    high: float


@dataclass(frozen=True)
class Chart:
    """Bars on one logarithmic scale."""

    title: str
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]


def counted(recorded: Recorded, waits: Waits) -> Recorded:
    """Return `recorded`, with the times of what it shows taken in, each recording once."""
    seen: set[str] = set()

    def count(name: str) -> RecordedAnswer | None:
        answer = recorded(name)
        if answer is not None and name not in seen:
            seen.add(name)
            waits.add(answer.reply)
        return answer

    return count


def charts(names: Sequence[str], waits: Sequence[Waits]) -> list[Chart]:
    """Return the charts of first deltas and of later ones, less those for which nothing was measured."""
    both = (
        ("Time to the first delta", [entry.first for entry in waits]),
        ("Time between deltas", [entry.between for entry in waits]),
    )
    return [_chart(title, names, samples) for title, samples in both if any(samples)]


def _chart(title: str, names: Sequence[str], samples: Sequence[list[float]]) -> Chart:
    points = [[max(_LEAST_MS, point) for point in _points(values)] for values in samples]
    drawn = [point for entry in points for point in entry]
    low = math.floor(math.log10(min(drawn)))
    high = max(math.ceil(math.log10(max(drawn))), low + 1)

    def place(value: float) -> float:
        return round((math.log10(value) - low) / (high - low) * 100, 2)

    bars = [
        Bar(name, _summary(entry, len(values)), *map(place, entry))
        for name, entry, values in zip(names, points, samples, strict=True)
        if entry
    ]
    ticks = [(place(10.0**power), _ms(10.0**power)) for power in range(low, high + 1)]
    return Chart(title, tuple(bars), tuple(ticks))


def _points(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered[round(point * (len(ordered) - 1))] for point in _POINTS] if ordered else []


def _summary(points: Sequence[float], count: int) -> str:
    low, _, middle, _, high = points
    return f"median {_ms(middle)}, 5 % under {_ms(low)}, 5 % over {_ms(high)}, of {count}"


def _ms(value: float) -> str:
    if value >= 1000:  # noqa: PLR2004
        return f"{value / 1000:.3g} s"
    return f"{value:.3g} ms"


def names_of(run_reports: Sequence[RunReport], short: Sequence[str]) -> list[str]:
    """Return what stands beside the bars."""
    return [
        name if run_report.word else f"{name} (before)"
        for run_report, name in zip(run_reports, short, strict=True)
    ]
