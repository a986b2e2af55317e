"""The verdict's page: what was left out is counted and shown, what did not come each time as well."""

from pathlib import Path

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Reason, Verdict
from tests.harness.report.terminal import verdict_lines
from tests.selftest.gate.runs import HEADER


def page(*outcomes: Outcome) -> str:
    verdict = Verdict("GO", (Reason("nothing-unexplained", "nothing unexplained"),))
    run = Run(Path("d"), HEADER, outcomes, None)
    return "\n".join(verdict_lines(run, verdict, "process:0.24.0", Basis(), 61))


def outcome(**fields: object) -> Outcome:
    return Outcome("item", "label", "case", "stream", **{"result": "passed", **fields})  # type: ignore[arg-type]


def test_splits_that_do_not_apply_are_counted_by_reason() -> None:
    text = page(
        outcome(not_applicable=("no interval",) * 7), outcome(not_applicable=("no interval", "no bias"))
    )
    assert "n/a     8 splits   no interval" in text
    assert "n/a     1 split   no bias" in text


def test_items_that_do_not_apply_are_counted_by_reason() -> None:
    text = page(outcome(result="not-applicable", note="no forcing"), outcome())
    assert "n/a     1 item   no forcing" in text


def test_what_depends_on_load_is_told_beside_every_result() -> None:
    note = "depends on load: content/lost came 1 of 2 times"
    text = page(*(outcome(result=result, note=note) for result in ("unstable", "known", "failed")))
    assert f"unstable 3 items   {note}" in text
