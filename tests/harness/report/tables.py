"""What several pages say in a table: the names of the runs, the known issues that showed, what was not judged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.harness.report.sheet import Sheet


@dataclass(frozen=True)
class Shown:
    """A known issue that showed."""

    id: str
    harm: str
    why: str
    upstream: str
    counts: tuple[int, ...]
    """Items that showed it, a run."""


def known_table(sheets: Sequence[Sheet]) -> list[Shown]:
    """Every known issue that showed somewhere, in the order of the ledger."""
    defects = {defect.id: defect for sheet in sheets for defect in sheet.basis.defects}
    counts = [_counts(sheet) for sheet in sheets]
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


def gaps(sheets: Sequence[Sheet]) -> list[tuple[str, int, str]]:
    """What was not judged: run, how often, why."""
    found = []
    for sheet, short in zip(sheets, short_names(sheets), strict=True):
        reasons = Counter(
            outcome.note
            for outcome in sheet.run.outcomes
            if outcome.result in {"not-applicable", "not-recorded"}
        )
        reasons.update(reason for outcome in sheet.run.outcomes for reason in outcome.not_applicable)
        found += [(short, count, reason) for reason, count in reasons.most_common()]
    return found


def short_names(sheets: Sequence[Sheet]) -> list[str]:
    """What stands over the columns: the version alone where that tells them apart."""
    versions = [sheet.run.header.vllm_version for sheet in sheets]
    if all(versions) and len(set(versions)) == len(versions):
        return versions
    labels = [sheet.run.header.label.removesuffix("-baseline") for sheet in sheets]
    return [
        label if labels.count(label) == 1 else f"{label} ({number})" for number, label in enumerate(labels, 1)
    ]


def _counts(sheet: Sheet) -> Counter[str]:
    return Counter(
        name
        for outcome in sheet.run.outcomes
        for name in {found.known_issue for found in outcome.judgements if found.known_issue}
    )


@dataclass(frozen=True)
class Measured:
    """A figure, run beside run."""

    name: str
    values: tuple[str, ...]
    """A run; empty where it was not measured."""
    ratios: tuple[str, ...]
    """Against the baseline, where there is one."""


def measured_table(sheets: Sequence[Sheet]) -> list[Measured]:
    """Everything that was measured, in the order in which it was."""
    runs = [
        {figure.name: figure for outcome in sheet.run.outcomes for figure in outcome.figures}
        for sheet in sheets
    ]
    ratios = [
        {entry.after.name: entry.said for entry in sheet.comparison.figures} if sheet.comparison else {}
        for sheet in sheets
    ]
    return [
        Measured(
            name,
            tuple(run[name].said if name in run else "" for run in runs),
            tuple(told.get(name, "") for told in ratios),
        )
        for name in dict.fromkeys(name for run in runs for name in run)
    ]
