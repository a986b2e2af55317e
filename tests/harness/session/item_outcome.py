"""From a pytest item that has ended to its outcome."""

from typing import Any

import pytest

from tests.harness.core.records.errors import InfrastructureError, NotRecorded
from tests.harness.core.records.outcome import Outcome, Result
from tests.harness.session.item_result import (
    ANSWERS,
    FIGURES,
    NOT_APPLICABLE,
    KnownFindings,
    UnexplainedFindings,
)
from tests.harness.session.resolved_target import ResolvedTarget
from tests.harness.session.said_cases import in_its_dialect


def params_of(item: pytest.Item) -> dict[str, Any]:
    """Return the item's parameters by name, a case as the item's deployment says it (None: it does not)."""
    callspec = getattr(item, "callspec", None)
    return in_its_dialect(dict(callspec.params)) if callspec else {}


def outcome_of(item: pytest.Item, target: ResolvedTarget, error: BaseException | None) -> Outcome:
    """Return what was judged in an item, and how it ended."""
    answers = item.stash.get(ANSWERS, ())
    params = params_of(item)
    case = params.get("case") or params.get("bad_request")
    result, note = _result(error, "; ".join(dict.fromkeys(answer.note for answer in answers if answer.note)))
    return Outcome(
        item=item.nodeid,
        deployment=target.label,
        case=case.id if case else getattr(item, "originalname", item.name),
        mode=params.get("mode", answers[0].mode if answers else ""),
        result=result,
        answers=answers,
        not_applicable=item.stash.get(NOT_APPLICABLE, ()),
        note=note,
        figures=item.stash.get(FIGURES, ()),
    )


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
