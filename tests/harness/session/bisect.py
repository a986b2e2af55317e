"""Which release brought a finding, or took it away: halves the releases between two until neighbours differ."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from tests.harness.core.records.errors import InfrastructureError, UsageProblem
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.runfolder.read import read_run
from tests.harness.servers.environment import CPU_BUILD
from tests.harness.servers.providers import process

_SPAN = re.compile(rf"{process.NAME}:(?P<first>[^.\[]\S*?)\.\.{process.NAME}:(?P<last>\S+)")
_JUDGED = {0, 1}
"""pytest's exit statuses after a verdict."""

Write = Callable[[str], None]


@dataclass(frozen=True)
class Probe:
    """What one release shows."""

    version: str
    answers: tuple[JudgedAnswer, ...]

    @property
    def shown(self) -> frozenset[tuple[str, str, str]]:
        """Return case, mode and finding, whatever the split: where tokens end may differ between releases."""
        return frozenset((answer.case, answer.mode, name) for answer in self.answers for name in answer.names)


def bisect(span: str, words: Sequence[str], root: Path, write: Write) -> int:
    """Walk a span (`process:A..process:B`); `words` select the cases. Return 0: found, 1: no change, 10: no verdict."""
    try:
        releases = releases_between(span)
        pair = first_change(releases, lambda version: probe(version, words, root, write))
    except InfrastructureError as error:
        write(f"NO VERDICT  {error}")
        return 10
    for line in lines(releases, pair):
        write(line)
    return 0 if pair else 1


def releases_between(span: str) -> list[str]:
    """Return the releases of a span, oldest first: those on the package index or, without it, those with a lock."""
    match = _SPAN.fullmatch(span)
    if match is None:
        raise UsageProblem(
            f"--bisect {span!r}: wanted is process:A..process:B, e.g. process:0.24.0..process:0.32.0"
        )
    first, last = Version(match["first"]), Version(match["last"])
    known = {Version(text) for text in (_listed() or _locked())} | {first, last}
    releases = [
        str(version) for version in sorted(known) if first <= version <= last and not version.is_postrelease
    ]
    if first >= last:
        raise UsageProblem(f"--bisect {span!r}: the first release has to be older than the last one")
    return releases


def first_change(releases: Sequence[str], probe_one: Callable[[str], Probe]) -> tuple[Probe, Probe] | None:
    """Return the neighbours between which something changed: the last that shows what the first does, and the next.

    None if the last release shows what the first one does.
    """
    before, after = probe_one(releases[0]), probe_one(releases[-1])
    if before.shown == after.shown:
        return None
    low, high, start = 0, len(releases) - 1, before.shown
    while high - low > 1:
        middle = (low + high) // 2
        result = probe_one(releases[middle])
        if result.shown == start:
            low, before = middle, result
        else:
            high, after = middle, result
    return before, after


def probe(version: str, words: Sequence[str], root: Path, write: Write) -> Probe:
    """Run the suite on one release. Raises InfrastructureError where it came to no verdict."""
    target = f"{process.NAME}:{version}"
    earlier = set((root / "runs").glob("*"))
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--runs={root / 'runs'}"]
    command = [*pytest, "--target", target, *words]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    folders = set((root / "runs").glob("*")) - earlier
    if finished.returncode not in _JUDGED or not folders:
        output = "\n".join(f"  | {line}" for line in finished.stdout.splitlines()[-12:])
        raise InfrastructureError(
            f"{target} came to no verdict (exit status {finished.returncode}); it said\n{output}"
        )
    result = Probe(version, tuple(_answers(max(folders))))
    write(f"bisect    {target:<18} {_named(result) or 'nothing found'}")
    return result


def lines(releases: Sequence[str], pair: tuple[Probe, Probe] | None) -> list[str]:
    """Return the answer, with both neighbours' evidence."""
    if pair is None:
        return [f"UNCHANGED {process.NAME}:{releases[-1]} shows what {process.NAME}:{releases[0]} does"]
    before, after = pair
    appeared, gone = after.shown - before.shown, before.shown - after.shown
    report = [
        f"CHANGED   {process.NAME}:{after.version} is the first that differs from {process.NAME}:{releases[0]}"
    ]
    for word, probed, names in (("lost", before, gone), ("shows", after, appeared)):
        report += [f"          {word:<6}  {_evidence(probed, name)}" for name in sorted(names)]
    return report


def _answers(folder: Path) -> list[JudgedAnswer]:
    return [answer for outcome in read_run(folder).outcomes for answer in outcome.answers]


def _named(probed: Probe) -> str:
    return ", ".join(sorted({name for _, _, name in probed.shown}))


def _evidence(probed: Probe, key: tuple[str, str, str]) -> str:
    """Return the first answer that shows a finding (case, mode, name), in a line."""
    case, mode, name = key
    answer, finding = next(
        (answer, explained.finding)
        for answer in probed.answers
        if (answer.case, answer.mode) == (case, mode)
        for explained in answer.findings
        if explained.finding.name == name
    )
    return f"{case} [{mode}, {answer.split}]   {name}   expected {finding.expected}   got {finding.got}"


def _listed() -> list[str]:
    """Return releases on the package index; empty if it does not answer."""
    command = [sys.executable, "-m", "pip", "index", "versions", CPU_BUILD.package]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"^Available versions: (.+)$", finished.stdout, re.MULTILINE)
    return match[1].split(", ") if match else []


def _locked() -> list[str]:
    return CPU_BUILD.locked()
