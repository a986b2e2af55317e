"""Figures of two runs are told as ratios, with an interval where there are samples enough, and block nothing."""

from dataclasses import replace
from random import Random

from tests.harness.core.records.figure import MOST_SAMPLES, Figure, figures_of
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


def test_many_samples_are_kept_as_some_that_are_spread_alike() -> None:
    (figure,) = figures_of("x", "s", [float(number) for number in range(10_000)])
    assert (len(figure.samples), figure.count) == (MOST_SAMPLES, 10_000)
    assert (figure.samples[0], figure.samples[-1]) == (0.0, 9999.0)
    assert abs(figure.at(0.5) - 5000) < 100
    assert figures_of("x", "s", []) == ()


def test_figures_cross_to_the_controller_and_the_run_file() -> None:
    (outcome,) = with_figure([1.0, 2.0])
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert outcome.figures == (Figure("first tool delta, 64 at once", "s", (1.0, 2.0), 2),)
