"""From a pytest item that has ended to its outcome."""

from typing import Any

import pytest

from tests.harness.core.records.errors import InfrastructureError, NotRecorded
from tests.harness.core.records.judged import Judged
from tests.harness.core.records.observed import Observed
from tests.harness.core.records.outcome import Cell, Outcome, Result
from tests.harness.core.records.split import NATURAL
from tests.harness.gate.judged_answers import NO_RESULT
from tests.harness.recording.result_hash import result_hash
from tests.harness.session.item_result import (
    JUDGED,
    NOT_APPLICABLE,
    OBSERVED,
    KnownFindings,
    UnexplainedFindings,
)
from tests.harness.session.resolved_target import ResolvedTarget


def params_of(item: pytest.Item) -> dict[str, Any]:
    """The item's parameters by name."""
    callspec = getattr(item, "callspec", None)
    return dict(callspec.params) if callspec else {}


def outcome_of(item: pytest.Item, resolved: ResolvedTarget, error: BaseException | None) -> Outcome:
    """What was judged in an item, and how it ended; call it once an item."""
    judged = item.stash.get(JUDGED, ())
    item.stash[JUDGED] = ()  # answers are large, and the recording is on disk
    observed = item.stash.get(OBSERVED, None)
    params = params_of(item)
    case = params.get("case") or params.get("bad_request")
    notes = [*(entry.note for entry in judged), *([observed.sight.note] if observed else [])]
    result, note = _result(error, "; ".join(dict.fromkeys(filter(None, notes))))
    return Outcome(
        item=item.nodeid,
        deployment=resolved.label,
        case=case.id if case else getattr(item, "originalname", item.name),
        mode=params.get("mode", observed.sight.mode if observed else ""),
        result=result,
        judgements=(
            *(found for entry in judged for found in entry.judgements),
            *(observed.judgements if observed else ()),
        ),
        cells=(*map(_cell, judged), *([_cell_of(observed)] if observed else [])),
        not_applicable=item.stash.get(NOT_APPLICABLE, ()),
        covered=tuple(dict.fromkeys(name for entry in judged for name in entry.covered)),
        note=note,
        figures=observed.sight.figures if observed else (),
    )


def _cell(judged: Judged) -> Cell:
    context = judged.context
    return Cell(
        split=context.split,
        round=context.round,
        exchange=context.exchange.key.name,
        result=result_hash(context.exchange, context.reply),
        covered=judged.covering,
    )


def _cell_of(observed: Observed) -> Cell:
    """One for all requests: each of them is right or is told by a finding."""
    return Cell(split=NATURAL.name, round=1, exchange=observed.sight.exchange, result=NO_RESULT)


def _result(error: BaseException | None, note: str) -> tuple[Result, str]:
    match error:
        case None:
            return ("unstable" if note else "passed"), note
        case InfrastructureError():
            return "infrastructure", str(error)
        case pytest.skip.Exception():
            return "not-applicable", str(error)
        case NotRecorded():
            return "not-recorded", str(error)
        case UnexplainedFindings():
            return "failed", note
        case KnownFindings():
            return "known", note
    return "error", f"{type(error).__name__}: {error}"
