"""The answers of an item as a reader sees them, each with what a baseline says to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.harness.core.records.comparison import Comparison, Row
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.outcome import JUDGED, Outcome, Result
from tests.harness.gate.judged_answers import ALL
from tests.harness.report.run_report import result_of

Rows = Mapping[tuple[str, str, int], Row]


@dataclass(frozen=True)
class ShownAnswer:
    """One judged answer; or one that only the baseline has."""

    answer: JudgedAnswer | None
    """None: it is missing in this run."""
    split: str
    turn: int
    result: Result | None
    """None: it is missing in this run."""
    row: Row | None = None


def rows_of(comparison: Comparison | None) -> Rows:
    """Return every row by (item, split, turn)."""
    if comparison is None:
        return {}
    return {(row.item, row.split, row.turn): row for row in comparison.rows}


def answers_of(outcome: Outcome, rows: Rows) -> tuple[ShownAnswer, ...]:
    """Return all answers, in the order in which they were judged."""
    return tuple(_shown(outcome, answer, rows) for answer in outcome.answers)


def missing_of(rows: Sequence[Row]) -> tuple[ShownAnswer, ...]:
    """Return the answers that the baseline has and this run has not."""
    return tuple(ShownAnswer(None, row.split, row.turn, None, row) for row in rows if row.after is None)


def row_about(rows: Rows, item: str, split: str, turn: int) -> Row | None:
    """Return the row that compares an answer; two turns may be compared as one, or a whole item."""
    places = ((item, split, turn), (item, split, 1), (item, ALL, 1))
    return next((rows[place] for place in places if place in rows), None)


def _shown(outcome: Outcome, answer: JudgedAnswer, rows: Rows) -> ShownAnswer:
    judged: Result = "passed" if outcome.result in JUDGED else outcome.result
    result = result_of(judged, bool(answer.findings), bool(answer.unexplained))
    row = row_about(rows, outcome.name, answer.split, answer.turn)
    return ShownAnswer(answer, answer.split, answer.turn, result, row)
