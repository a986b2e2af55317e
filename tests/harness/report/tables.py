"""What several pages say in a table: the names of the runs, the known issues that showed, what was not judged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.harness.core.records.outcome import known_issue_counts
from tests.harness.report.run_report import RunReport


@dataclass(frozen=True)
class Shown:
    """A known issue that showed."""

    id: str
    harm: str
    why: str
    upstream: str
    counts: tuple[int, ...]
    """Items that showed it, a run."""


def known_table(run_reports: Sequence[RunReport]) -> list[Shown]:
    """Return every known issue that showed somewhere, in the order of the ledger."""
    defects = {defect.id: defect for run_report in run_reports for defect in run_report.basis.defects}
    counts = [known_issue_counts(run_report.run.outcomes) for run_report in run_reports]
    names = [name for name in defects if any(name in count for count in counts)]
    names += sorted({name for count in counts for name in count} - set(names))
    shown = []
    for name in names:
        defect, mine = defects.get(name), tuple(count[name] for count in counts)
        if defect is None:
            shown.append(Shown(name, "", "This run's files do not say.", "", mine))
        else:
            shown.append(Shown(name, defect.harm, defect.why, defect.upstream, mine))
    return shown


def gaps(run_reports: Sequence[RunReport]) -> list[tuple[str, int, str]]:
    """Return what was not judged: run, how often, why."""
    gap_rows = []
    for run_report, short in zip(run_reports, short_names(run_reports), strict=True):
        reasons = Counter(
            outcome.note
            for outcome in run_report.run.outcomes
            if outcome.result in {"not-applicable", "not-recorded"}
        )
        reasons.update(reason for outcome in run_report.run.outcomes for reason in outcome.not_applicable)
        gap_rows += [(short, count, reason) for reason, count in reasons.most_common()]
    return gap_rows


def short_names(run_reports: Sequence[RunReport]) -> list[str]:
    """Return what stands over the columns: the version alone where that tells them apart."""
    versions = [run_report.run.header.vllm_version for run_report in run_reports]
    if all(versions) and len(set(versions)) == len(versions):
        return versions
    labels = [run_report.run.header.label.removesuffix("-baseline") for run_report in run_reports]
    return [
        label if labels.count(label) == 1 else f"{label} ({number})" for number, label in enumerate(labels, 1)
    ]


@dataclass(frozen=True)
class Measured:
    """A figure, run beside run."""

    name: str
    values: tuple[str, ...]
    """A run; empty where it was not measured."""
    ratios: tuple[str, ...]
    """Against the baseline, where there is one."""


def measured_table(run_reports: Sequence[RunReport]) -> list[Measured]:
    """Return everything that was measured, in the order in which it was."""
    runs = [
        {figure.name: figure for outcome in run_report.run.outcomes for figure in outcome.figures}
        for run_report in run_reports
    ]
    ratios = [
        {entry.after.name: entry.summary for entry in run_report.comparison.figures}
        if run_report.comparison
        else {}
        for run_report in run_reports
    ]
    return [
        Measured(
            name,
            tuple(run[name].summary if name in run else "" for run in runs),
            tuple(entry.get(name, "") for entry in ratios),
        )
        for name in dict.fromkeys(name for run in runs for name in run)
    ]
