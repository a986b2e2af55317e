"""Reports from run folders alone: the page and the JUnit file beside the run, and the summary of a CI job."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.cause import Cause
from tests.harness.core.records.comparison import Comparison
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.run import RUN_FILE, Run
from tests.harness.core.records.verdict import BlockerKind, Verdict
from tests.harness.report.blockers import blockers_of, compared_blockers
from tests.harness.report.causes import causes_of_run
from tests.harness.report.evidence_reader import EvidenceReader
from tests.harness.report.html.render import render
from tests.harness.report.junit import junit
from tests.harness.report.markdown import markdown
from tests.harness.report.run_report import Blocker, RunReport
from tests.harness.runfolder.basis import read_basis

REPORT_FILE = "report.html"
JUNIT_FILE = "junit.xml"
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""GitHub's variable: the file whose Markdown is shown on the page of a job."""
_BY_ITEM = {"unexplained", "stale", "regression", "known-regression", "coverage"}
_ABOUT_ALL = set(get_args(BlockerKind)) - _BY_ITEM
"""Reasons that no single item or entry shows, so that they are listed themselves."""


@dataclass(frozen=True)
class ReportInput:
    """A run with its verdict, before its evidence is read."""

    run: Run
    verdict: Verdict | None
    """None: a baseline."""
    comparison: Comparison | None = None
    stale: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    basis: Basis | None = None
    """What it was judged by; None: its folder says."""


def report(entries: Sequence[ReportInput], path: Path, shown: str, made_at: str) -> list[str]:
    """Write page and JUnit file, and the summary of a CI job; return the lines that say where, or why not.

    Whatever goes wrong here is no part of the verdict. `shown`: the path as the reader knows it; `made_at`: when.
    """
    try:
        run_reports = [_run_report(entry) for entry in entries]
        # Recordings are read here, as they are needed.
        page, tests = render(run_reports, made_at), junit(run_reports)
    except UsageProblem as problem:
        return [f"no report is written: {problem}"]
    lines = [
        _written(path, page, "report", shown),
        _written(path.with_name(JUNIT_FILE), tests, "junit", str(Path(shown).with_name(JUNIT_FILE))),
    ]
    return lines + _add_step_summary(run_reports)


def _written(path: Path, text: str, word: str, shown: str) -> str:
    try:
        path.write_text(text, "utf-8", errors="backslashreplace")
    except OSError as error:
        return f"{word:<7} {shown} cannot be written ({error.strerror}); the verdict stands as it is"
    return f"{word:<7} {shown}"


def _run_report(entry: ReportInput) -> RunReport:
    run = entry.run
    basis = entry.basis or (read_basis(run.folder) if (run.folder / RUN_FILE).is_file() else Basis())
    reader = EvidenceReader(run)
    causes = causes_of_run(run, basis, reader)
    return RunReport(
        run=run,
        basis=basis,
        verdict=entry.verdict,
        recorded=reader.recorded,
        prove=reader.of_item,
        comparison=entry.comparison,
        causes=tuple(causes),
        blockers=tuple(_blockers(entry, basis, reader, causes)),
        notes=(*_notes(entry.comparison), *entry.notes),
    )


def _blockers(
    entry: ReportInput, basis: Basis, reader: EvidenceReader, causes: Sequence[Cause]
) -> list[Blocker]:
    if entry.verdict is None or entry.verdict.word == "GO":
        return []
    if entry.comparison is not None:
        blockers = compared_blockers(entry.comparison, basis.defects, reader.lines)
    else:
        blockers = blockers_of(causes, entry.stale, reader.of_cause)
    about_all = [reason for reason in entry.verdict.reasons if reason.kind in _ABOUT_ALL]
    return blockers + [Blocker(reason.kind, reason.text) for reason in about_all]


def _notes(comparison: Comparison | None) -> list[str]:
    if comparison is None:
        return []
    counts = Counter(row.kind for row in comparison.rows)
    summary = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return [
        f"Answers against the baseline: {summary}",
        *(f"Differs: {entry}" for entry in comparison.differs),
    ]


def _add_step_summary(run_reports: Sequence[RunReport]) -> list[str]:
    place = os.environ.get(STEP_SUMMARY)
    if not place:
        return []
    try:
        with Path(place).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(markdown(run_reports))
    except OSError as error:
        why = f"cannot be written ({error.strerror}): the job has no summary; the verdict stands as it is"
        return [f"${STEP_SUMMARY} {place} {why}"]
    return []
