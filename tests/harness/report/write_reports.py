"""Reports from run folders alone: the page and the JUnit file beside the run, and the summary of a CI job."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.comparison import Comparison
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.run import RUN_FILE, Run
from tests.harness.core.records.verdict import Verdict
from tests.harness.report.blockers import blockers_of, compared_blockers
from tests.harness.report.evidence_reader import EvidenceReader
from tests.harness.report.html.render import render
from tests.harness.report.junit import junit
from tests.harness.report.markdown import markdown
from tests.harness.report.run_report import Blocker, RunReport
from tests.harness.runfolder.basis import read_basis
from tests.harness.session.run_header import now

REPORT_FILE = "report.html"
JUNIT_FILE = "junit.xml"
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""GitHub's variable: the file whose Markdown is shown on the page of a job."""


@dataclass(frozen=True)
class Told:
    """A run and what is said of it."""

    run: Run
    verdict: Verdict | None
    """None: a baseline."""
    comparison: Comparison | None = None
    stale: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def report(told: Sequence[Told], path: Path, shown: str) -> list[str]:
    """Write page and JUnit file, and the summary of a CI job; the lines that say where, or why not.

    Whatever goes wrong here is no part of the verdict. `shown`: the path as the reader knows it.
    """
    try:
        run_reports = [_sheet(entry) for entry in told]
        page, tests = (
            render(run_reports, now()),
            junit(run_reports),
        )  # recordings are read here, when they are needed
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


def _sheet(told: Told) -> RunReport:
    run = told.run
    basis = read_basis(run.folder) if (run.folder / RUN_FILE).is_file() else Basis()
    evidence_reader = EvidenceReader(run)
    return RunReport(
        run=run,
        basis=basis,
        word=told.verdict.word if told.verdict else None,
        reason=told.verdict.reason if told.verdict else "",
        look=evidence_reader.look,
        prove=evidence_reader.of_item,
        comparison=told.comparison,
        blockers=tuple(_blockers(told, basis, evidence_reader)),
        notes=(*_notes(told.comparison), *told.notes),
    )


def _blockers(told: Told, basis: Basis, evidence_reader: EvidenceReader) -> list[Blocker]:
    if told.verdict is None or told.verdict.word == "GO":
        return []
    if told.comparison is not None:
        return compared_blockers(told.comparison, basis.defects, evidence_reader.lines)
    return blockers_of(told.run, told.stale, evidence_reader.of_item)


def _notes(comparison: Comparison | None) -> list[str]:
    if comparison is None:
        return []
    counts = Counter(row.kind for row in comparison.rows)
    said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return [f"Answers against the baseline: {said}", *(f"Differs: {entry}" for entry in comparison.differs)]


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
