"""What was measured under load stands in the page and in the terminal's comparison, and changes no verdict."""

from dataclasses import replace
from pathlib import Path

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.figure import figures_of
from tests.harness.core.records.judged_answer import NO_RESULT, JudgedAnswer
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Verdict
from tests.harness.gate.compare import compare
from tests.harness.gate.decision_table import Rules
from tests.harness.report.comparison import comparison_lines
from tests.harness.report.html.render import render
from tests.harness.report.run_report import RunReport
from tests.selftest.gate.runs import HEADER
from tests.selftest.gate.runs import run as run_of

NAME = "first tool delta, 64 at once"


def run(label: str, seconds: float) -> Run:
    figures = figures_of(NAME, "s", [seconds] * 20)
    item = f"tests/live/test_load.py::test_nonces[{label}]"
    answer = JudgedAnswer("test_nonces", "stream", "natural", 1, "", NO_RESULT)
    outcome = Outcome(item, label, "test_nonces", "", "passed", (answer,))
    return replace(run_of(label, replace(outcome, figures=figures)), header=replace(HEADER, label=label))


def test_ten_times_as_slow_is_told_and_blocks_nothing(tmp_path: Path) -> None:
    found = compare(run("a", 0.2), run("b", 2.0), Rules())
    assert found.reasons == ()
    (line,) = [line for line in comparison_lines(found, lambda _: [], (), ()) if NAME in line]
    assert "0.2 s before, 2 s now: 10.00 times, 95 of 100 between 10.00 and 10.00" in line
    run_reports = [
        RunReport(run("a", 0.2), Basis(), None, lambda _: None, lambda _: []),
        RunReport(run("b", 2.0), Basis(), Verdict("GO", ()), lambda _: None, lambda _: [], found),
    ]
    page = render(run_reports, "now")
    assert 'id="measured"' in page
    assert NAME in page
    assert "10.00 times" in page
    assert 'id="measured"' not in render([replace(run_reports[0], run=run_of("c"))], "now")
