"""The answers of an item, each with what was found in it and what a baseline says to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.harness.core.records.comparison import Comparison, Row
from tests.harness.core.records.outcome import Judgement, Outcome, Result
from tests.harness.report.run_report import result_of

_ALL = "all"
"""Split of a row that tells of all answers of an item at once."""
Rows = Mapping[tuple[str, str, int], Row]


@dataclass(frozen=True)
class Answer:
    """One judged answer; or one that only the baseline has."""

    split: str
    round: int
    result: Result | None
    """None: it is missing in this run."""
    exchange: str
    judgements: tuple[Judgement, ...]
    hash: str = ""
    row: Row | None = None


def rows_of(comparison: Comparison | None) -> Rows:
    """Every row by (item, split, round)."""
    if comparison is None:
        return {}
    return {(row.item, row.split, row.round): row for row in comparison.rows}


def answers_of(outcome: Outcome, rows: Rows) -> tuple[Answer, ...]:
    """All answers, in the order in which they were judged."""
    answers = [
        _answer(
            outcome,
            (cell.split, cell.round, cell.exchange, cell.result),
            _of_cell(outcome, cell.split, cell.round, cell.exchange),
            rows,
        )
        for cell in outcome.cells
    ]
    told = {id(found) for answer in answers for found in answer.judgements}
    rest = [found for found in outcome.judgements if id(found) not in told]
    for split, round_ in dict.fromkeys((found.split, found.round) for found in rest):
        found = tuple(entry for entry in rest if (entry.split, entry.round) == (split, round_))
        answers.append(_answer(outcome, (split, round_, "", ""), found, rows))
    return tuple(answers)


def missing_of(rows: Sequence[Row]) -> tuple[Answer, ...]:
    """Answers that the baseline has and this run has not."""
    return tuple(Answer(row.split, row.round, None, "", (), "", row) for row in rows if row.after is None)


def row_about(rows: Rows, item: str, split: str, round_: int) -> Row | None:
    """The row that compares an answer; two rounds may be compared as one, or a whole item."""
    places = ((item, split, round_), (item, split, 1), (item, _ALL, 1))
    return next((rows[place] for place in places if place in rows), None)


def _answer(
    outcome: Outcome, place: tuple[str, int, str, str], found: tuple[Judgement, ...], rows: Rows
) -> Answer:
    split, round_, exchange, result_hash = place
    unexplained = any(entry.known_issue is None for entry in found)
    judged: Result = outcome.result if outcome.result not in {"failed", "known", "unstable"} else "passed"
    result = result_of(judged, bool(found), unexplained)
    row = row_about(rows, outcome.name, split, round_)
    return Answer(split, round_, result, exchange, found, result_hash, row)


def _of_cell(outcome: Outcome, split: str, round_: int, exchange: str) -> tuple[Judgement, ...]:
    return tuple(
        found
        for found in outcome.judgements
        if (found.split, found.round) == (split, round_) and _is_about(exchange, found.case)
    )


def _is_about(exchange: str, case: str) -> bool:
    """Whether a recording's name is one of a case: `case|mode|...`, `case/history|mode|...`."""
    return not exchange or exchange.startswith((f"{case}|", f"{case}/"))
