"""The end of a session, in the controller alone: collect outcomes, draw the verdict, print it, set the status."""

import time
from collections.abc import Sequence

import pytest

from tests.harness.gate.decide import decide, shown_issues
from tests.harness.records.known_issue import KnownIssue
from tests.harness.records.outcome import Outcome
from tests.harness.records.verdict import Verdict
from tests.harness.report.terminal import verdict_lines
from tests.harness.session import GateSession

_OWN_STATUSES = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
_WORST_FIRST = ("NO VERDICT", "NO-GO", "GO")


class Closing:
    """A plugin object: pytest calls its hooks."""

    def __init__(self, gate: GateSession, property_name: str) -> None:
        """`property_name` is the user property that carries an outcome."""
        self._gate = gate
        self._property = property_name
        self._outcomes: list[Outcome] = []
        self._complete = True
        self._verdicts: dict[str, Verdict] = {}

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """A filtered run judges no ledger entry stale."""
        self._complete = self._complete and not items

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the outcome that a report carries; a later phase of the same item replaces an earlier one."""
        for name, value in report.user_properties:
            if name == self._property:
                outcome = Outcome.from_json(str(value))
                self._outcomes = [known for known in self._outcomes if known.item != outcome.item] + [outcome]
                self._write_down(outcome)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Draw the verdict of each deployment; the worst one is the exit status."""
        if not self._outcomes or session.exitstatus in _OWN_STATUSES:
            return
        for label in dict.fromkeys(outcome.deployment for outcome in self._outcomes):
            outcomes = [outcome for outcome in self._outcomes if outcome.deployment == label]
            self._verdicts[label] = decide(
                outcomes, self._gate.issues, self._stale(outcomes), self._gate.options.block
            )
        worst = min(self._verdicts.values(), key=lambda verdict: _WORST_FIRST.index(verdict.word))
        session.exitstatus = worst.exit_status

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print each verdict, after pytest's own summary of failures."""
        seconds = time.monotonic() - self._gate.began
        for label, verdict in self._verdicts.items():
            outcomes = [outcome for outcome in self._outcomes if outcome.deployment == label]
            aim = next(aim for aim in self._gate.aims if aim.label == label)
            terminalreporter.section(f"verdict on {label}")
            for line in verdict_lines(
                verdict,
                aim.target.text,
                outcomes,
                self._gate.issues,
                shown_issues(outcomes),
                self._gate.run_folder(aim).relative_to(self._gate.root),
                seconds,
            ):
                terminalreporter.write_line(line)

    def _write_down(self, outcome: Outcome) -> None:
        """One line an item in the run folder, as soon as it is known: a killed run stays readable."""
        aim = next(aim for aim in self._gate.aims if aim.label == outcome.deployment)
        with (self._gate.run_folder(aim) / "outcomes.jsonl").open("a", encoding="utf-8") as file:
            file.write(outcome.to_json() + "\n")

    def _stale(self, outcomes: Sequence[Outcome]) -> list[KnownIssue]:
        """`must` entries that nothing showed, in a run that left nothing out."""
        if not self._complete:
            return []
        covered = {name for outcome in outcomes for name in outcome.covered}
        shown = shown_issues(outcomes)
        return [
            issue
            for issue in self._gate.issues
            if issue.strength == "must" and issue.id in covered and issue.id not in shown
        ]
