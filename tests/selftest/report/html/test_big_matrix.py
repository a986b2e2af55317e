"""Seven versions of a thousand cases: the page is there in less than two seconds, and of a size that can be mailed."""

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.case import MODES
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.core.records.outcome import Outcome, Result
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.run import Footer, Run
from tests.harness.core.records.verdict import Reason, Verdict
from tests.harness.recording.assemble import read_reply
from tests.harness.report.html.render import render
from tests.harness.report.run_report import RunReport
from tests.harness.runfolder.basis import basis_of
from tests.selftest.gate.runs import HEADER, issue
from tests.selftest.judging.checks.offline import answered
from tests.selftest.report.folders import right
from tests.selftest.report.html.browser import chromium, complaints, open_page, until

VERSIONS = ("0.20.2", "0.24.0", "0.27.1", "0.28.0", "0.30.0", "0.31.0", "0.32.0")
CASES = [replace(right(f"case-{number:04}").case, topic=f"forced-{number // 60}") for number in range(1000)]
SPLITS = ("natural", "char", "every-2", "every-3", "random-1")
LONGEST_S = 2.0
LARGEST_MB = 12.0
FINDING = Finding(
    "arguments-json", "glued-twice", "Call 0 cannot be run.", "one object", "two", 0, 4, "https://example.org"
)
VERDICT = Verdict("GO", (Reason("nothing-unexplained", "nothing unexplained"),))
LOADS = 3
"""The best of them counts: the machine may be busy with something else."""


def run_report(version: str, look: RecordedAnswer) -> RunReport:
    outcomes = tuple(outcome(version, number, mode) for number in range(len(CASES)) for mode in MODES)
    run = Run(
        Path(version),
        replace(HEADER, vllm_version=version, target=f"process:{version}"),
        outcomes,
        Footer("", "GO", ""),
    )
    basis: Basis = basis_of(CASES, [issue("sent-twice")])
    return RunReport(run, basis, VERDICT, lambda _: look, lambda _: [])


def outcome(version: str, number: int, mode: str) -> Outcome:
    case = CASES[number].id
    result: Result = "known" if number % 5 == 0 and mode == "stream" else "passed"
    known = (ExplainedFinding(FINDING, "sent-twice"),) if result == "known" else ()
    answers = tuple(
        JudgedAnswer(case, mode, split, 1, f"{case}|{mode}|{split}|0|{version}", "r", known if at else ())
        for at, split in enumerate(SPLITS)
    )
    return Outcome(
        f"tests/live/t.py::test_forced[{version}-{case}-{mode}]", version, case, mode, result, answers
    )


@pytest.mark.timeout(900)
def test_a_matrix_of_seven_versions_and_a_thousand_cases_opens_in_two_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = right("case-0000")
    context = answered(shown.case, shown.answers[0])
    look = RecordedAnswer(context.exchange, read_reply(context.exchange, streamed=True))
    began = time.monotonic()
    page = tmp_path / "report.html"
    page.write_text(render([run_report(version, look) for version in VERSIONS], "now"), "utf-8")
    rendered = time.monotonic() - began
    size = page.stat().st_size / 1e6
    with chromium() as window:
        took = []
        for _ in range(LOADS):
            window.get("about:blank")
            open_page(window, page)
            painted = "return performance.getEntriesByName('painted')[0]?.startTime"
            took.append(until(window, painted) / 1000)
        assert len(window.find_elements(By.CSS_SELECTOR, ".cell")) == len(CASES) * len(VERSIONS)
        until(
            window,
            "document.querySelector('.cell').click(); return document.querySelector('#answer')?.childElementCount > 0",
        )
        assert complaints(window) == []
    with capsys.disabled():
        sys.stdout.write(
            f"\n7 x 1,000: {size:.1f} MB, rendered in {rendered:.1f} s, shown in {min(took):.2f} s (of {took})\n"
        )
    assert min(took) < LONGEST_S
    assert size < LARGEST_MB
