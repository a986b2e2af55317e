"""Verdicts out: at the end of a session, in the controller alone, each deployment gets its word."""

import time
import traceback
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.outcome import NOT_RECORDED, Outcome
from tests.harness.core.records.run import RUN_FILE, Footer, Run
from tests.harness.core.records.verdict import Reason, Verdict, no_verdict
from tests.harness.gate.verdict import Decision, Policy, verdict_of
from tests.harness.judging.ledger.staleness import ledger_line
from tests.harness.report.causes import cause_lines, causes_of_run
from tests.harness.report.comparison import comparison_lines
from tests.harness.report.evidence_reader import EvidenceReader
from tests.harness.report.terminal import replay_lines, verdict_lines
from tests.harness.report.write_reports import REPORT_FILE, ReportInput, report
from tests.harness.runfolder.read import read_run
from tests.harness.runfolder.write import end_run
from tests.harness.session.accept import accept
from tests.harness.session.collect import OutcomeCollector
from tests.harness.session.gate_session import GateSession
from tests.harness.session.resolved_target import ResolvedTarget
from tests.harness.session.run_header import now

_OWN_STATUSES = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
_WORST_FIRST = ("NO VERDICT", "NO-GO", "GO")


@dataclass(frozen=True)
class FinishedRun:
    """A deployment whose items have all ended."""

    target: ResolvedTarget
    run: Run
    decision: Decision

    @property
    def verdict(self) -> Verdict:
        """Return the word, and why."""
        return self.decision.verdict


class SessionFinish:
    """A plugin object: pytest calls its hooks."""

    def __init__(self, gate: GateSession, collector: OutcomeCollector) -> None:
        """Take the session and the collector, which has the outcomes."""
        self._gate = gate
        self._collector = collector
        self._faults: list[str] = []
        """Lines about faults of the suite itself."""
        self._session: pytest.Session | None = None
        self.finished: list[FinishedRun] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Draw the verdicts, of which the worst is the exit status; print them behind all that pytest prints."""
        self._session = session
        with self._faults_noted("no verdict is drawn"):
            self._finish(session)
        yield
        terminal = session.config.pluginmanager.getplugin("terminalreporter")
        if terminal is not None:
            for line in self._lines(terminal):
                terminal.write_line(line)

    def _finish(self, session: pytest.Session) -> None:
        collector = self._collector
        if not (collector.counts or collector.obstacles):
            return
        if session.exitstatus in _OWN_STATUSES and not collector.obstacles:
            return
        if session.shouldfail or session.shouldstop:
            collector.mark_partial()
        baseline = self._gate.baseline_run
        for target in collector.judged_targets():
            finished = self._finished(target, baseline)
            baseline = finished.run if target.is_baseline else baseline
            self.finished.append(finished)
        worst = min(self._judged(), key=lambda one: _WORST_FIRST.index(one.verdict.word), default=None)
        verdict = worst.verdict if worst else no_verdict("nothing-judged", "nothing was judged")
        session.exitstatus = verdict.exit_status

    def _finished(self, target: ResolvedTarget, baseline: Run | None) -> FinishedRun:
        """Judge what the run file says, and end it."""
        folder, label = self._gate.run_folder(target), target.label
        if not (folder / RUN_FILE).exists():
            self._gate.begin_without_server(target)
        run = self._with_obstacles(read_run(folder), target, baseline)
        options = self._gate.options
        policy = Policy(options.block, options.accept_known)
        decision = verdict_of(run, None if target.is_baseline else baseline, self._gate.issues, policy)
        finished = FinishedRun(target, run, decision)
        return finished if label in self._collector.obstacles else self._ended(finished)

    def _with_obstacles(self, run: Run, target: ResolvedTarget, baseline: Run | None) -> Run:
        """Add what the session alone knows: whether items were left out, and why there can be no verdict."""
        obstacles = (
            [self._collector.obstacles[target.label]] if target.label in self._collector.obstacles else []
        )
        recorded = self._gate.replayed.get(target.target)
        if recorded is not None and recorded.footer is None:
            obstacles.append(Reason("incomplete-recording", "the recorded run is incomplete"))
        if baseline is None and self._gate.has_baseline_target and not target.is_baseline:
            obstacles.append(Reason("baseline-not-run", "no item of the baseline ran: a filter left it out"))
        partial = self._collector.partial or any(map(_is_part, run.outcomes))
        return replace(run, partial=partial, obstacles=tuple(obstacles))

    def _ended(self, finished: FinishedRun) -> FinishedRun:
        """Write the footer. A run that cannot be ended has no verdict."""
        verdict, label = finished.verdict, finished.target.label
        stale = tuple(issue.id for issue in finished.decision.entries.stale)
        count = self._collector.counts[label]
        footer = Footer(now(), verdict.word, verdict.reason, stale, count, finished.run.partial)
        try:
            end_run(finished.run.folder, footer)
        except InfrastructureError as error:
            self._collector.mark_lost(label, "unwritable", str(error))
            unwritten = no_verdict("unwritable", str(error))
            return replace(finished, decision=replace(finished.decision, verdict=unwritten))
        return replace(finished, run=replace(finished.run, footer=footer))

    def _lines(self, terminal: pytest.TerminalReporter) -> Iterator[str]:
        """Yield all that is said in the end, each verdict under a heading of its own, the words of all last."""
        for finished in self._judged():
            terminal.section(f"verdict on {finished.target.label}")
            with self._faults_noted(f"the verdict is {finished.verdict.word}, and cannot be told in full"):
                yield from self._verdict_lines(finished)
        if self._gate.options.accept:
            for finished in self._judged():
                yield accept(finished.run, finished.verdict, self._gate.root)
        with self._faults_noted("no report is written; the verdict above stands"):
            yield from (f"{'':<9} {line}" for line in self._write_report())
        yield from self._faults

    @contextmanager
    def _faults_noted(self, what: str) -> Iterator[None]:
        """Keep a fault of the suite at the end from leaving by Python's own status, which is that of NO-GO."""
        try:
            yield
        except Exception:  # noqa: BLE001 - printed in full, and in the exit status
            self._faults += [f"FAULT     of the suite itself: {what}", *traceback.format_exc().splitlines()]
            if self._session:
                self._session.exitstatus = pytest.ExitCode.INTERNAL_ERROR

    def _judged(self) -> list[FinishedRun]:
        return [finished for finished in self.finished if not finished.target.is_baseline]

    def _verdict_lines(self, finished: FinishedRun) -> list[str]:
        """Return the lines about one deployment."""
        run, comparison, issues = finished.run, finished.decision.comparison, self._gate.issues
        title, reader = finished.target.target.text, EvidenceReader(run)
        basis = self._gate.basis(finished.target.profile.dialect)
        gone = comparison.gone if comparison else ()
        fixed = (*finished.decision.entries.fixed, *(issue for issue in issues if issue.id in gone))
        ledger_lines = [ledger_line(issue, run.header) for issue in fixed]
        if comparison:
            title += f" against {comparison.before.target}"
            blocking = comparison_lines(comparison, reader.lines, issues, ledger_lines)
        else:
            blocking = cause_lines(causes_of_run(run, basis, reader), reader.of_cause)
        elapsed_s = time.monotonic() - self._gate.start
        lines = verdict_lines(run, finished.verdict, title, basis, elapsed_s, blocking)
        lines.append(f"{'':<9} run     {self._shown(run.folder)}")
        if not comparison:
            lines += [f"{'':<9} fixed   {line}" for line in ledger_lines]
        recorded = self._gate.replayed.get(finished.target.target)
        return lines + (replay_lines(run, recorded, self._collector.partial) if recorded else [])

    def _write_report(self) -> list[str]:
        """Write one page about all deployments of the session, in the folder of the last one that was judged."""
        judged = self._judged()
        if not judged:
            return []
        saved = self._gate.baseline_run
        entries = [ReportInput(saved, None)] if saved else []
        entries += map(self._report_input, self.finished)
        path = judged[-1].run.folder / REPORT_FILE
        return report(entries, path, str(self._shown(path)), now())

    def _report_input(self, finished: FinishedRun) -> ReportInput:
        basis = self._gate.basis(finished.target.profile.dialect)
        if finished.target.is_baseline:
            return ReportInput(finished.run, None, basis=basis)
        entries = finished.decision.entries
        return ReportInput(
            finished.run,
            finished.verdict,
            finished.decision.comparison,
            tuple(issue.id for issue in entries.stale),
            tuple(ledger_line(issue, finished.run.header) for issue in entries.fixed),
            basis,
        )

    def _shown(self, path: Path) -> Path:
        return path.relative_to(self._gate.root) if path.is_relative_to(self._gate.root) else path


def _is_part(outcome: Outcome) -> bool:
    """Return whether a replay could not judge an item, or a part of it."""
    left_out = any(reason.startswith(NOT_RECORDED) for reason in outcome.not_applicable)
    return outcome.result == "not-recorded" or left_out
