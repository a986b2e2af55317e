"""Figures of two runs are told as ratios, with an interval where there are samples enough, and block nothing."""

from dataclasses import replace
from random import Random

from tests.harness.core.records.figure import figures_of
from tests.harness.core.records.outcome import Outcome
from tests.harness.gate.figures import figure_ratios

OUTCOME = Outcome("t.py::test_nonces[a]", "a", "test_nonces", "", "passed")


def with_figure(samples: list[float], name: str = "first tool delta, 64 at once") -> list[Outcome]:
    return [replace(OUTCOME, figures=figures_of(name, "s", samples))]


def some(seed: int, times: float = 1.0) -> list[float]:
    chance = Random(seed)
    return [times * chance.uniform(0.8, 1.2) for _ in range(100)]


def test_twice_as_slow_is_told_with_an_interval_that_leaves_out_one() -> None:
    (found,) = figure_ratios(with_figure(some(1)), with_figure(some(2, 2.0)))
    assert found.interval
    low, high = found.interval
    assert 1.8 < low < found.ratio < high < 2.2
    assert "now: 2.0" in found.summary or "now: 1.9" in found.summary


def test_the_same_server_twice_has_one_in_its_interval() -> None:
    (found,) = figure_ratios(with_figure(some(1)), with_figure(some(2)))
    assert found.interval
    assert found.interval[0] < 1 < found.interval[1]
    assert figure_ratios(with_figure(some(1)), with_figure(some(2))) == (found,)


def test_few_samples_have_no_interval_and_strangers_are_not_compared() -> None:
    (found,) = figure_ratios(with_figure([1.0]), with_figure([3.0]))
    assert (found.ratio, found.interval) == (3.0, None)
    assert "95 of 100" not in found.summary
    assert figure_ratios(with_figure([1.0]), with_figure([1.0], "another")) == ()
    assert figure_ratios(with_figure([0.0]), with_figure([1.0])) == ()
    assert figure_ratios(with_figure([1.0]), with_figure([-1.0])) == ()
