"""`--report DIR`: the reports of runs that ended long ago, from their folders alone; nothing is judged again."""

from collections.abc import Sequence
from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.run import Run
from tests.harness.gate.verdict import saved_verdict, verdict_of
from tests.harness.report.write_reports import REPORT_FILE, ReportInput, report
from tests.harness.runfolder.read import read_run
from tests.harness.session.ledger import read_ledger
from tests.harness.session.resolved_target import read_baseline
from tests.harness.session.run_header import now


def rerender(folders: Sequence[str], baseline: str | None, file: str | None) -> list[str]:
    """Write the reports; return the lines that say where. Raises UsageProblem for folders that hold no run.

    The page goes into the last folder unless `file` names another place.
    """
    runs = [read_run(Path(folder)) for folder in folders]
    before = _saved(baseline)
    path = Path(file) if file else runs[-1].folder / REPORT_FILE
    entries = [ReportInput(before, None)] if before else []
    entries += [_input(run, before) for run in runs]
    return report(entries, path, str(path), now())


def _saved(baseline: str | None) -> Run | None:
    target, run = read_baseline(baseline)
    if target is not None:
        raise UsageProblem(
            f"--baseline {baseline!r}: --report asks no server; name the folder of a run or a file of tests/baselines"
        )
    return run


def _input(run: Run, before: Run | None) -> ReportInput:
    """Return what was said of a run when it ended; against a baseline, what the comparison says."""
    stale = run.footer.stale if run.footer else ()
    verdict = saved_verdict(run)
    if before is None or verdict.word == "NO VERDICT":
        return ReportInput(run, verdict, stale=stale)
    decision = verdict_of(run, before, read_ledger())
    return ReportInput(run, decision.verdict, decision.comparison, stale)
