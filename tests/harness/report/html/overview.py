"""The matrix as the page's script reads it: small enough to be there at once, whatever the number of cells."""

from collections.abc import Sequence
from typing import Any

from tests.harness.core.records.basis import AskedCase
from tests.harness.core.records.case import MODES
from tests.harness.core.records.outcome import Outcome, Result
from tests.harness.report.answers import Rows, rows_of
from tests.harness.report.evidence import Rerun
from tests.harness.report.run_report import RunReport, result_of, worst
from tests.harness.report.tables import short_names

NO_TOPIC = "other"
LETTERS: dict[Result | None, str] = {
    "infrastructure": "i", "error": "e", "failed": "f", "known": "k", "unstable": "u", "not-recorded": "r",
    "passed": "p", "not-applicable": "n", None: "-",
}  # fmt: skip
"""A result in the data; `-`: there is none."""


def asked_cases(run_reports: Sequence[RunReport]) -> dict[str, AskedCase]:
    """Return every case that a run tells of; the last run's word counts."""
    return {case.id: case for run_report in run_reports for case in run_report.basis.cases}


def case_ids(run_reports: Sequence[RunReport]) -> list[str]:
    """Return every case that was judged somewhere, in the order of the case files, grouped by topic."""
    asked = asked_cases(run_reports)
    judged = dict.fromkeys(outcome.case for run_report in run_reports for outcome in run_report.run.outcomes)
    judged.update(
        dict.fromkeys(
            row.case
            for run_report in run_reports
            if run_report.comparison
            for row in run_report.comparison.rows
        )
    )
    places = {name: number for number, name in enumerate(asked)}
    topics = list(dict.fromkeys(asked[name].topic if name in asked else NO_TOPIC for name in judged))
    topics.sort(key=lambda topic: topic == NO_TOPIC)
    return sorted(
        judged,
        key=lambda name: (
            topics.index(asked[name].topic if name in asked else NO_TOPIC),
            places.get(name, len(places)),
        ),
    )


def overview(run_reports: Sequence[RunReport]) -> dict[str, Any]:
    """Return columns, topics and rows; a cell is `stream whole flags kinds`, e.g. `kp` or `fp b regression`."""
    asked = asked_cases(run_reports)
    ids = case_ids(run_reports)
    columns = [_column_cells(run_report) for run_report in run_reports]
    words = _words(run_reports)
    rows = [
        [
            name,
            asked[name].topic if name in asked else NO_TOPIC,
            [column.get(name, "") for column in columns],
            " ".join(sorted(words.get(name, ()))),
        ]
        for name in ids
    ]
    short = short_names(run_reports)
    return {
        "columns": [_column(run_report, name) for run_report, name in zip(run_reports, short, strict=True)],
        "rows": rows,
    }


def _column(run_report: RunReport, short: str) -> dict[str, Any]:
    header = run_report.run.header
    return {
        "short": short,
        "target": header.target,
        "word": run_report.shown_word or "baseline",
        "url": Rerun.of_run(header).base_url,
    }


def _column_cells(run_report: RunReport) -> dict[str, str]:
    rows = rows_of(run_report.comparison)
    by_case: dict[str, list[Outcome]] = {}
    for outcome in run_report.run.outcomes:
        by_case.setdefault(outcome.case, []).append(outcome)
    kinds = _kinds(rows)
    names = by_case.keys() | kinds.keys()
    return {name: _cell(by_case.get(name, []), kinds.get(name, {})) for name in names}


def _cell(outcomes: list[Outcome], kinds: dict[str, bool]) -> str:
    letters = "".join(
        LETTERS[worst([shown_result(outcome) for outcome in outcomes if (outcome.mode or "stream") == mode])]
        for mode in MODES
    )
    flags = ("b" if any(kinds.values()) else "") + ("n" if _has_gaps(outcomes) else "")
    return f"{letters} {flags} {' '.join(kinds)}".rstrip()


def shown_result(outcome: Outcome) -> Result:
    """Return the result of an item as a reader of the report sees it."""
    return result_of(outcome.result, bool(outcome.findings), bool(outcome.unexplained))


def _has_gaps(outcomes: list[Outcome]) -> bool:
    return any(outcome.result == "not-applicable" or outcome.not_applicable for outcome in outcomes)


def _kinds(rows: Rows) -> dict[str, dict[str, bool]]:
    """Return case -> kinds of its rows, and whether one of them blocks."""
    kinds: dict[str, dict[str, bool]] = {}
    for row in rows.values():
        mine = kinds.setdefault(row.case, {})
        mine[row.kind] = mine.get(row.kind, False) or row.blocks
    return kinds


def _words(run_reports: Sequence[RunReport]) -> dict[str, set[str]]:
    """Return case -> what a search finds it by besides its name: findings and known issues."""
    words: dict[str, set[str]] = {}
    for outcome in (outcome for run_report in run_reports for outcome in run_report.run.outcomes):
        mine = words.setdefault(outcome.case, set())
        for explained in outcome.findings:
            mine.update({explained.finding.name, explained.known_issue or ""} - {""})
    return words
