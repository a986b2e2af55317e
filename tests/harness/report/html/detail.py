"""What the page shows when a cell is opened: everything about one case, in every run."""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from tests.harness.core.records.basis import AskedCase
from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.reply import Reply, ToolCall
from tests.harness.core.records.split import places_of
from tests.harness.report.answers import Rows, ShownAnswer, answers_of, missing_of
from tests.harness.report.cuts_shown import harm_by_cut, strip_of
from tests.harness.report.evidence import Recorded, delta_of
from tests.harness.report.forced_text import forced_text
from tests.harness.report.html.overview import LETTERS, shown_result
from tests.harness.report.html.plain_json import laid_out
from tests.harness.report.run_report import RunReport

_MOST_ALIKE = 20
"""Answers of an item that show the same, and are shown one by one; a text that is cut everywhere has hundreds."""


class Details:
    """Makes the details of one case after the other."""

    def __init__(self, run_reports: Sequence[RunReport], rows: Sequence[Rows], passing: int | None) -> None:
        """Take the runs; `passing`: right answers of an item whose recording is shown; None: all of them."""
        self._reports = run_reports
        self._rows = rows
        self._passing = passing
        self._outcomes = [_by_case(run_report.run.outcomes) for run_report in run_reports]
        self._row_cases = [_missing_by_case(rows) for rows in rows]

    def of(self, case: str, asked: AskedCase | None) -> dict[str, Any]:
        """Return JSON about a case."""
        columns = [self._column(number, case) for number in range(len(self._reports))]
        return {"case": _case(asked), "columns": columns}

    def _column(self, number: int, case: str) -> dict[str, Any]:
        exchanges = _Exchanges(self._reports[number].recorded)
        rows = self._rows[number]
        items = [self._item(outcome, rows, exchanges) for outcome in self._outcomes[number].get(case, ())]
        names = {item["name"] for item in items}
        for name, missing in self._row_cases[number].get(case, {}).items():
            answers = [_answer(answer, None) for answer in missing]
            if name in names:
                next(item for item in items if item["name"] == name)["answers"] += answers
            else:
                items.append(
                    {"name": name, "mode": "", "result": "-", "answers": answers, "note": "", "na": []}
                )
        return {"items": items, "exchanges": exchanges.taken}

    def _item(self, outcome: Outcome, rows: Rows, exchanges: "_Exchanges") -> dict[str, Any]:
        answers, passing = [], 0
        alike: Counter[frozenset[str]] = Counter()
        for shown in answers_of(outcome, rows):
            answer = shown.answer
            if answer is None:
                continue
            passing += not answer.findings
            alike[answer.names] += 1
            if alike[answer.names] > _MOST_ALIKE:
                continue  # the ranges tell of them
            wanted = bool(answer.findings) or self._passing is None or passing <= self._passing
            answers.append(_answer(shown, exchanges.take(answer.exchange) if wanted else None))
        return {
            "ranges": harm_by_cut(outcome.answers) if max(alike.values(), default=0) > _MOST_ALIKE else [],
            "strip": exchanges.strip(outcome.answers),
            "name": outcome.name,
            "mode": outcome.mode,
            "result": LETTERS[shown_result(outcome)],
            "note": outcome.note,
            "na": list(outcome.not_applicable),
            "answers": answers,
        }


class _Exchanges:
    """The recordings of one case in one run, each once."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._places: dict[str, int | None] = {}
        self.taken: list[dict[str, Any]] = []

    def strip(self, answers: Sequence[JudgedAnswer]) -> list[list[str]]:
        """Return the text of an item that was cut everywhere, with what each cut leads to."""
        first = next((answer for answer in answers if places_of(answer.split)), None)
        recording = self._recorded(first.exchange) if first else None
        text = forced_text(recording.exchange) if recording else None
        return strip_of(text, answers) if text else []

    def take(self, name: str) -> int | None:
        if not name:
            return None
        if name not in self._places:
            recording = self._recorded(name)
            self._places[name] = None if recording is None else len(self.taken)
            if recording is not None:
                self.taken.append(_exchange(recording))
        return self._places[name]


def _by_case(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    by_case: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_case.setdefault(outcome.case, []).append(outcome)
    return by_case


def _missing_by_case(rows: Rows) -> dict[str, dict[str, list[ShownAnswer]]]:
    missing: dict[str, dict[str, list[ShownAnswer]]] = {}
    for row in rows.values():
        if row.after is None:
            missing.setdefault(row.case, {}).setdefault(row.item, []).extend(missing_of([row]))
    return missing


def _case(asked: AskedCase | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {
        "why": asked.why,
        "topic": asked.topic,
        "calls": [_expected(call) for call in asked.calls],
        "content": asked.content,
        "ambiguous": asked.ambiguous,
        "readings": [
            {"calls": [_expected(call) for call in reading.calls], "content": reading.content}
            for reading in asked.readings
        ],
        "mentions": list(asked.mentions),
        "cut": asked.cut,
        "wanted": asked.wanted,
    }


def _expected(call: ExpectedCall) -> dict[str, Any]:
    text = json.dumps(call.arguments, ensure_ascii=False) if call.verbatim is None else call.verbatim
    return {"name": call.name, "arguments": text, "laid": laid_out(text)}


def _answer(shown: ShownAnswer, exchange: int | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"split": shown.split, "turn": shown.turn, "result": LETTERS[shown.result]}
    if shown.answer and shown.answer.findings:
        entry["findings"] = [_finding(explained) for explained in shown.answer.findings]
    if exchange is not None:
        entry["exchange"] = exchange
    if row := shown.row:
        before = None if row.before is None else sorted(row.before.names)
        entry["row"] = {"kind": row.kind, "blocks": row.blocks, "before": before, "note": row.note}
    return entry


def _finding(explained: ExplainedFinding) -> dict[str, Any]:
    finding = explained.finding
    return {
        "name": finding.name,
        "message": finding.message,
        "expected": finding.expected,
        "got": finding.got,
        "call": finding.call,
        "event": finding.event,
        "source": finding.source,
        "issue": explained.known_issue,
    }


def _exchange(recording: RecordedAnswer) -> dict[str, Any]:
    exchange, reply = recording.exchange, recording.reply
    choice = reply.choice
    return {
        "mode": exchange.key.mode,
        "path": exchange.path,
        "status": exchange.status,
        "error": exchange.error,
        "ended": exchange.ended_at,
        "request": exchange.request.decode("utf-8", "replace"),
        "text": forced_text(exchange),
        "frames": [[frame.at, _bytes(frame.data), len(frame.data)] for frame in exchange.frames],
        "events": list(_events(exchange, reply)),
        "calls": [_call(call) for call in choice.tool_calls] if choice else [],
        "stray": len(choice.stray) if choice else 0,
        "content": choice.content if choice else None,
        "finish": list(choice.finish_reasons) if choice else [],
        "usage": reply.usage,
        "done": reply.done,
    }


def _call(call: ToolCall) -> dict[str, Any]:
    return {
        "index": call.index,
        "id": call.id,
        "name": call.name,
        "arguments": call.arguments,
        "laid": laid_out(call.arguments),
        "events": list(call.events),
    }


def _events(exchange: Exchange, reply: Reply) -> Iterable[list[Any]]:
    """Yield number, frame that completed it, problem and what it carries, an event."""
    frame = 0
    for event in reply.events:
        while frame < len(exchange.frames) - 1 and exchange.frames[frame].at < event.at:
            frame += 1
        yield [event.number, frame, event.problem, delta_of(event)]


def _bytes(data: bytes) -> str | dict[str, str]:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}
