"""A figure holds some of its samples, spread as all are, and is the same in a run file."""

from tests.harness.core.records.figure import MOST_SAMPLES, Figure, figures_of
from tests.harness.core.records.outcome import Outcome


def test_many_samples_are_kept_as_some_that_are_spread_alike() -> None:
    (figure,) = figures_of("x", "s", [float(number) for number in range(10_000)])
    assert (len(figure.samples), figure.count) == (MOST_SAMPLES, 10_000)
    assert (figure.samples[0], figure.samples[-1]) == (0.0, 9999.0)
    assert abs(figure.at(0.5) - 5000) < 100
    assert figures_of("x", "s", []) == ()


def test_figures_cross_to_the_controller_and_the_run_file() -> None:
    figures = figures_of("first tool delta, 64 at once", "s", [1.0, 2.0])
    outcome = Outcome("t.py::test_nonces[a]", "a", "test_nonces", "", "passed", figures=figures)
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert outcome.figures == (Figure("first tool delta, 64 at once", "s", (1.0, 2.0), 2),)
