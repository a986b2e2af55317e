"""What was measured in two runs, as ratios: two machines, or two minutes of one, have no limit in common."""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from tests.harness.core.records.comparison import FigureRatio
from tests.harness.core.records.figure import Figure
from tests.harness.core.records.outcome import Outcome

RESAMPLES = 500
LEAST_SAMPLES = 8
"""Of fewer, no interval is told."""
_OUTSIDE = 0.025


def figure_ratios(before: Iterable[Outcome], after: Iterable[Outcome]) -> tuple[FigureRatio, ...]:
    """Return every figure that both runs have, but for those that have no ratio: their middle is zero or less.

    The interval is Efron's percentile bootstrap of the ratio of medians (doi.org/10.1214/aos/1176344552). Streams
    that ran side by side are no independent samples, so it is too narrow, and a busy machine moves all of them: that
    is why no ratio ever blocks.
    """
    known = {figure.name: figure for figure in _figures(before)}
    return tuple(
        _ratio(known[figure.name], figure)
        for figure in _figures(after)
        if figure.name in known and min(known[figure.name].at(0.5), figure.at(0.5)) > 0
    )


def _figures(outcomes: Iterable[Outcome]) -> Iterator[Figure]:
    for outcome in outcomes:
        yield from outcome.figures


def _ratio(before: Figure, after: Figure) -> FigureRatio:
    ratio = after.at(0.5) / before.at(0.5)
    if min(len(before.samples), len(after.samples)) < LEAST_SAMPLES:
        return FigureRatio(before, after, ratio, None)
    chance = Random(0)
    drawn = sorted(
        _median(_again(after.samples, chance)) / max(_median(_again(before.samples, chance)), 1e-9)
        for _ in range(RESAMPLES)
    )
    outside = int(_OUTSIDE * RESAMPLES)
    return FigureRatio(before, after, ratio, (drawn[outside], drawn[-1 - outside]))


def _again(samples: Sequence[float], chance: Random) -> list[float]:
    return sorted(chance.choices(samples, k=len(samples)))


def _median(ordered: Sequence[float]) -> float:
    return ordered[len(ordered) // 2]
