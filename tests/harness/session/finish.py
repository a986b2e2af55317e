"""The end of a session, in the controller alone: collect outcomes, draw the verdict, print it, set the status."""

import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.harness.core.records.comparison import Comparison
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.outcome import NOT_RECORDED, Outcome
from tests.harness.core.records.run import RUN_FILE, Footer, Run
from tests.harness.core.records.verdict import Verdict
from tests.harness.gate.accepted import accepted_text
from tests.harness.gate.comparing import compared
from tests.harness.gate.verdict import decide, shown_issues
from tests.harness.judging.ledger.staleness import StaleEntries, ledger_line, stale_entries_of
from tests.harness.report.comparison import comparison_lines
from tests.harness.report.evidence_reader import EvidenceReader
from tests.harness.report.terminal import replay_lines, verdict_lines
from tests.harness.report.write_reports import REPORT_FILE, Told, report
from tests.harness.runfolder.read import read_run
from tests.harness.runfolder.write import add_outcome, end_run
from tests.harness.session.gate_session import GateSession
from tests.harness.session.resolved_target import ResolvedTarget
from tests.harness.session.run_header import now

_OWN_STATUSES = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
BASELINES = Path("tests") / "baselines"
_WORST_FIRST = ("NO VERDICT", "NO-GO", "GO")


@dataclass(frozen=True)
class FinishedRun:
    """A deployment whose items have all ended."""

    resolved: ResolvedTarget
    run: Run
    verdict: Verdict
    silence: StaleEntries
    comparison: Comparison | None = None


class SessionFinish:
    """A plugin object: pytest calls its hooks."""

    def __init__(self, gate: GateSession, property_name: str) -> None:
        """`property_name` is the user property that carries an outcome."""
        self._gate = gate
        self._property = property_name
        self._partial = False
        self._lines: dict[str, int] = {}
        """Label -> outcomes written to its run file."""
        self._broken: dict[str, str] = {}
        """Label -> why there can be no verdict on it, whatever its outcomes say."""
        self._workers: dict[str, str] = {}
        """Label -> the xdist worker that its outcomes come from."""
        self._accepted: list[str] = []
        self._faults: list[str] = []
        """What is said of faults of the suite itself."""
        self._session: pytest.Session | None = None
        self.closed: list[FinishedRun] = []

    def mark_partial(self) -> None:
        """The user asked for a part of the items: nothing is stale, and what lacks is no coverage change."""
        self._partial = True

    def lose(self, label: str, why: str) -> None:
        """A deployment of which not all outcomes will come."""
        self._broken.setdefault(label, why)

    def labels_of(self, worker: str) -> list[str]:
        """Deployments that an xdist worker has tested; if it told nothing yet, those of which nothing was heard."""
        told = [label for label, teller in self._workers.items() if teller == worker]
        return told or [
            resolved.label for resolved in self._gate.resolved_targets if resolved.label not in self._lines
        ]

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """A filtered run judges no ledger entry stale."""
        if items:
            self.mark_partial()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write down the outcome that a report carries, as soon as it is known: a killed run stays readable."""
        for name, value in report.user_properties:
            if name == self._property:
                outcome = Outcome.from_json(str(value))
                if node := getattr(report, "node", None):
                    self._workers[outcome.deployment] = node.gateway.id
                self._write_down(outcome)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Draw the verdict of each deployment; the worst one is the exit status."""
        self._session = session
        with self._told_in_full("no verdict is drawn"):
            self._finish(session)

    def _finish(self, session: pytest.Session) -> None:
        if not (self._lines or self._broken) or (session.exitstatus in _OWN_STATUSES and not self._broken):
            return
        if session.shouldfail or session.shouldstop:
            self.mark_partial()
        resolved_targets = [
            resolved
            for resolved in self._gate.resolved_targets
            if resolved.label in self._lines.keys() | self._broken.keys()
        ]
        baseline = self._gate.baseline_run
        for resolved in sorted(resolved_targets, key=lambda resolved: not resolved.is_baseline):
            closed = self._close(resolved, baseline)
            baseline = closed.run if resolved.is_baseline else baseline
            self.closed.append(closed)
        if self._gate.options.accept:
            self._accept()
        worst = min(self._judged(), key=lambda closed: _WORST_FIRST.index(closed.verdict.word), default=None)
        session.exitstatus = worst.verdict.exit_status if worst else Verdict("NO VERDICT", "").exit_status

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print each verdict, after pytest's own summary of failures."""
        for closed in self._judged():
            terminalreporter.section(f"verdict on {closed.resolved.label}")
            with self._told_in_full(f"the verdict is {closed.verdict.word}, and cannot be told in full"):
                for line in self._report(closed):
                    terminalreporter.write_line(line)
        for line in self._accepted:
            terminalreporter.write_line(line)
        with self._told_in_full("no report is written; the verdict above stands"):
            for line in self._write_report():
                terminalreporter.write_line(f"{'':<9} {line}")
        for line in self._faults:
            terminalreporter.write_line(line)

    @contextmanager
    def _told_in_full(self, what: str) -> Iterator[None]:
        """A fault of ours at the end must not leave by Python's own status, which is that of NO-GO."""
        try:
            yield
        except Exception:  # noqa: BLE001 - told in full, and in the exit status
            self._faults += [f"FAULT     of the suite itself: {what}", *traceback.format_exc().splitlines()]
            if self._session:
                self._session.exitstatus = pytest.ExitCode.INTERNAL_ERROR

    def _judged(self) -> list[FinishedRun]:
        return [closed for closed in self.closed if not closed.resolved.is_baseline]

    def _write_down(self, outcome: Outcome) -> None:
        resolved = self._aim(outcome.deployment)
        if resolved.label in self._broken:
            return
        try:
            self._gate.begin_without_server(resolved)
            add_outcome(self._gate.run_folder(resolved), outcome)
            self._lines[resolved.label] = self._lines.get(resolved.label, 0) + 1
        except InfrastructureError as error:
            self.lose(resolved.label, str(error))

    def _close(self, resolved: ResolvedTarget, baseline: Run | None) -> FinishedRun:
        """Judge what the run file says, and end it."""
        if not (self._gate.run_folder(resolved) / RUN_FILE).exists():
            self._gate.begin_without_server(resolved)
        run = read_run(self._gate.run_folder(resolved))
        silence = StaleEntries() if self._leaves_out(run) else stale_entries_of(run, self._gate.issues)
        closed = FinishedRun(
            resolved, run, Verdict("NO VERDICT", self._broken.get(resolved.label, "")), silence
        )
        if resolved.label in self._broken:
            return closed
        closed = replace(closed, verdict=self._verdict(closed))
        if not resolved.is_baseline and (baseline or self._gate.has_baseline_target):
            closed = self._compared(closed, baseline)
        stale = tuple(issue.id for issue in silence.stale)
        footer = Footer(now(), closed.verdict.word, closed.verdict.reason, stale, self._lines[resolved.label])
        try:
            end_run(run.folder, footer)
        except InfrastructureError as error:
            self.lose(resolved.label, str(error))
            return replace(closed, verdict=Verdict("NO VERDICT", str(error)))
        return replace(closed, run=replace(run, footer=footer))

    def _verdict(self, closed: FinishedRun) -> Verdict:
        verdict = decide(
            closed.run.outcomes, self._gate.issues, closed.silence.stale, self._gate.options.block
        )
        replayed = self._gate.replayed.get(closed.resolved.target)
        if replayed is not None and replayed.footer is None:
            return Verdict("NO VERDICT", f"the recorded run is incomplete: {verdict.word} as far as it goes")
        return verdict

    def _compared(self, closed: FinishedRun, baseline: Run | None) -> FinishedRun:
        if baseline is None:
            return replace(
                closed, verdict=Verdict("NO VERDICT", "no item of the baseline ran: a filter left it out")
            )
        options = self._gate.options
        comparison = compared(
            baseline,
            closed.run,
            closed.silence,
            self._gate.issues,
            accepted=options.accept_known,
            block=options.block,
            partial=self._partial,
        )
        undone = closed.verdict.word == "NO VERDICT" != comparison.verdict.word
        return replace(
            closed, comparison=comparison, verdict=closed.verdict if undone else comparison.verdict
        )

    def _leaves_out(self, run: Run) -> bool:
        """Whether not everything was judged: then nothing is stale, and nothing can be accepted."""
        return self._partial or any(
            outcome.result == "not-recorded"
            or any(reason.startswith(NOT_RECORDED) for reason in outcome.not_applicable)
            for outcome in run.outcomes
        )

    def _report(self, closed: FinishedRun) -> list[str]:
        """The lines about one deployment."""
        comparison, run, title = closed.comparison, closed.run, closed.resolved.target.text
        issues = self._gate.issues
        gone = comparison.gone if comparison else ()
        fixed = (*closed.silence.fixed, *(issue for issue in issues if issue.id in gone))
        ledger_lines = [ledger_line(issue, run.header) for issue in fixed]
        against: list[str] = []
        if comparison:
            title += f" against {comparison.before.target}"
            against = comparison_lines(comparison, EvidenceReader(run).lines, issues, ledger_lines)
        lines = verdict_lines(
            closed.verdict,
            title,
            run.outcomes,
            issues,
            shown_issues(run.outcomes),
            self._shown(run.folder),
            time.monotonic() - self._gate.began,
            against,
        )
        if not comparison:
            lines += [f"{'':<9} fixed   {line}" for line in ledger_lines]
        recorded = self._gate.replayed.get(closed.resolved.target)
        return lines + (replay_lines(run, recorded, self._partial) if recorded else [])

    def _write_report(self) -> list[str]:
        """One page about all deployments of the session, in the folder of the last one that was judged."""
        judged = self._judged()
        if not judged:
            return []
        saved = self._gate.baseline_run
        told = [Told(saved, None)] if saved else []
        told += [
            self._told(closed)
            for closed in sorted(self.closed, key=lambda closed: not closed.resolved.is_baseline)
        ]
        path = judged[-1].run.folder / REPORT_FILE
        return report(told, path, str(self._shown(path)))

    def _told(self, closed: FinishedRun) -> Told:
        if closed.resolved.is_baseline:
            return Told(closed.run, None)
        return Told(
            closed.run,
            closed.verdict,
            closed.comparison,
            tuple(issue.id for issue in closed.silence.stale),
            tuple(ledger_line(issue, closed.run.header) for issue in closed.silence.fixed),
        )

    def _accept(self) -> None:
        """Write each verdict's outcomes down as a baseline, if they are whole."""
        for closed in self._judged():
            path = self._gate.root / BASELINES / f"{closed.resolved.label}.toml"
            if self._leaves_out(closed.run) or closed.verdict.word == "NO VERDICT":
                why = "there is no verdict" if closed.verdict.word == "NO VERDICT" else "items were left out"
                self._accepted.append(f"accept    nothing written for {closed.resolved.label}: {why}")
                continue
            try:
                path.parent.mkdir(exist_ok=True)
                path.write_text(accepted_text(closed.run), "utf-8")
            except OSError as error:
                why = f"{self._shown(path)} cannot be written ({error.strerror})"
                self._accepted.append(f"accept    nothing written for {closed.resolved.label}: {why}")
                continue
            self._accepted.append(
                f"accept    {self._shown(path)}   use it with --baseline {self._shown(path)}"
            )

    def _shown(self, path: Path) -> Path:
        return path.relative_to(self._gate.root) if path.is_relative_to(self._gate.root) else path

    def _aim(self, label: str) -> ResolvedTarget:
        return next(resolved for resolved in self._gate.resolved_targets if resolved.label == label)
