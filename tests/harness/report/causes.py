"""The causes of a no-go as people read them: how often, the smallest case, and how to see it again."""

from collections.abc import Callable, Sequence

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.cause import Cause
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.run import Run
from tests.harness.gate.causes import causes_of
from tests.harness.gate.wording import count_of
from tests.harness.report.evidence import KEEP_HINT
from tests.harness.report.evidence_reader import EvidenceReader

LISTED = 10
"""Causes that a terminal shows; the page has all."""
_INDENT = " " * 10
_TOLD = ("expected ", "got ", "again ", "by hand ")
"""Lines of the evidence that stand below a cause of many items: of those of a single one, its own block tells."""

Evidence = Callable[[Cause], list[str]]


def causes_of_run(run: Run, basis: Basis, reader: EvidenceReader) -> list[Cause]:
    """Return the causes of a run's unexplained findings, the weightiest first, each with its smallest answer."""

    def sent(answer: JudgedAnswer) -> int:
        try:
            recording = reader.recorded(answer.exchange)
        except UsageProblem:
            return 0  # its evidence says what is damaged
        return len(recording.exchange.body) if recording else 0

    return causes_of(run.outcomes, basis.sizes, sent)


def title_of(cause: Cause) -> str:
    """Return case and mode of the smallest answer, as `one-call [stream]`."""
    return f"{cause.case} [{cause.answer.mode}]"


def description_of(cause: Cause) -> str:
    """Return what was found, and how often where more than one item shows it."""
    first = sorted(cause.answer.names)
    others = [name for name in cause.names if name not in first]
    amount = ""
    if cause.items > 1:
        amount = (
            f"   {count_of(cause.answers, 'answer', 'answers')} in {count_of(cause.cases, 'case', 'cases')}"
        )
    under = f"   each under a cut with {', '.join(cause.cut_tags)}" if cause.cut_tags else ""
    return f"{', '.join(first)}{amount}{'; also ' + ', '.join(others) if others else ''}{under}"


def cause_lines(causes: Sequence[Cause], evidence: Evidence) -> list[str]:
    """Return the lines about the weightiest causes; below one of many items, how its smallest case is seen again."""
    lines: list[str] = []
    for cause in causes[:LISTED]:
        lines.append(f"{_INDENT}blocks  {title_of(cause)}   {description_of(cause)}")
        if cause.items > 1:
            told = [f"{_INDENT}        {line.strip()}" for line in evidence(cause) if _is_told(line)]
            lines += [line for line in told if line not in lines or KEEP_HINT.strip() not in line]
    if len(causes) > LISTED:
        more = count_of(len(causes) - LISTED, "cause", "causes")
        lines.append(f"{_INDENT}blocks  and {more} more, all of them in report.html")
    return lines


def _is_told(line: str) -> bool:
    return line.strip().startswith(_TOLD)
