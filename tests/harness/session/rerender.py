"""`--report DIR`: the reports of runs that ended long ago, from their folders alone; nothing is judged again."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Verdict
from tests.harness.gate.comparing import compared
from tests.harness.judging.ledger.load import load_known_issues
from tests.harness.judging.ledger.staleness import StaleEntries
from tests.harness.judging.vocabulary import every_vocabulary
from tests.harness.report.write_reports import REPORT_FILE, Told, report
from tests.harness.runfolder.read import read_run
from tests.harness.session.resolved_target import read_baseline


def report_again(folders: Sequence[str], baseline: str | None, file: str | None) -> list[str]:
    """Write the reports; the lines that say where. Raises UsageProblem for folders that hold no run.

    The page goes into the last folder unless `file` names another place.
    """
    runs = [read_run(Path(folder)) for folder in folders]
    before = _saved(baseline)
    path = Path(file) if file else runs[-1].folder / REPORT_FILE
    told = [Told(before, None)] if before else []
    told += [_told(run, before) for run in runs]
    return report(told, path, str(path))


def _saved(baseline: str | None) -> Run | None:
    target, run = read_baseline(baseline)
    if target is not None:
        raise UsageProblem(
            f"--baseline {baseline!r}: --report asks no server; name the folder of a run or a file of tests/baselines"
        )
    return run


def _told(run: Run, before: Run | None) -> Told:
    """What was said of a run when it ended; against a baseline, what the comparison says."""
    stale = run.footer.stale if run.footer else ()
    told = Told(run, _verdict(run), stale=stale)
    if before is None or (told.verdict and told.verdict.word == "NO VERDICT"):
        return told
    issues = load_known_issues(vocabulary=every_vocabulary())
    silence = StaleEntries(stale=tuple(issue for issue in issues if issue.id in stale))
    comparison = compared(before, run, silence, issues)
    return replace(told, verdict=comparison.verdict, comparison=comparison)


def _verdict(run: Run) -> Verdict:
    if run.footer is None:
        return Verdict("NO VERDICT", "the run is incomplete: its session was ended before its last line")
    return Verdict(run.footer.word, run.footer.reason)
