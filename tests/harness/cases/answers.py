"""What a model that knows the cases says to their questions: for the scripted engine, which has no model."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.requests import expected_calls
from tests.harness.cases.run_calls import run_calls
from tests.harness.core.records.case import Case


@dataclass(frozen=True)
class CannedAnswer:
    """A question and what is said to it in both rounds."""

    question: str
    tools: tuple[str, ...]
    """Names that have to be on offer."""
    first: str
    results: tuple[str, ...]
    """What the tools give."""
    second: str | None


def answers_of(cases: Iterable[Case]) -> list[CannedAnswer]:
    """Return the answers to the questions that the cases leave to the model; one a question."""
    natural = [case for case in cases if _is_natural(case)]
    return list({case.messages[0]["content"]: _answer(case) for case in natural}.values())


def _is_natural(case: Case) -> bool:
    """Return whether the model answers a plain question of the case by itself, and what is right is written down."""
    single = len(case.messages) == 1 and isinstance(case.messages[0].get("content"), str)
    asks_plainly = not (case.request_options.request or case.request_options.omit)
    return single and asks_plainly and case.text is None and bool(case.calls or case.content)


def _answer(case: Case) -> CannedAnswer:
    results = [run.result for run in run_calls(expected_calls(case)) if run.result is not None]
    return CannedAnswer(
        case.messages[0]["content"],
        tuple(dict.fromkeys(call.name for call in case.calls)),
        dialect_named(case.dialect).write(case.calls, case.tools) if case.calls else case.content or "",
        tuple(results),
        case.follow_up.answer if case.follow_up else None,
    )
