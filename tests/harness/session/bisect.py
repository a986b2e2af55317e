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
from tests.harness.servers.environment import CPU_BUILD, OFFICIAL, VERSION, Build
from tests.harness.servers.providers import process, wheel

BUILDS = {process.NAME: CPU_BUILD, wheel.NAME: OFFICIAL}
"""The providers whose targets are releases, and what those are releases of."""
_END = rf"(\w+):({VERSION.pattern}?)"
_SPAN = re.compile(rf"{_END}\.\.{_END}")
_WANTED = "wheel:A..wheel:B or process:A..process:B, e.g. wheel:0.24.0..wheel:0.33.0"
_JUDGED = {0, 1}
"""pytest's exit statuses after a verdict."""

Write = Callable[[str], None]


@dataclass(frozen=True)
class Probe:
    """What one release shows."""

    target: str
    answers: tuple[JudgedAnswer, ...]

    @property
    def shown(self) -> frozenset[tuple[str, str, str]]:
        """Return case, mode and finding, whatever the split: where tokens end may differ between releases."""
        return frozenset((answer.case, answer.mode, name) for answer in self.answers for name in answer.names)


def bisect(span: str, words: Sequence[str], root: Path, write: Write) -> int:
    """Walk a span (`wheel:A..wheel:B`); `words` select the cases. Return 0: found, 1: no change, 10: no verdict."""
    _require_own_runs(words)
    try:
        targets = targets_between(span)
        pair = first_change(targets, lambda target: probe(target, words, root, write))
    except InfrastructureError as error:
        write(f"NO VERDICT  {error}")
        return 10
    for line in lines(targets, pair):
        write(line)
    return 0 if pair else 1


def targets_between(span: str) -> list[str]:
    """Return the releases of a span as targets, oldest first: those on the package index, else those with a lock."""
    match = _SPAN.fullmatch(span)
    if match is None:
        raise UsageProblem(f"--bisect {span!r}: wanted is {_WANTED}; what is asked is chosen by -k")
    kind, start, other, end = match.groups()
    if kind not in BUILDS or kind != other:
        raise UsageProblem(f"--bisect {span!r}: both ends have to be releases of one build: {_WANTED}")
    first, last = Version(start), Version(end)
    if first >= last:
        raise UsageProblem(f"--bisect {span!r}: the first release has to be older than the last one")
    known = {Version(text) for text in (_listed(BUILDS[kind]) or BUILDS[kind].locked())} | {first, last}
    return [
        f"{kind}:{version}"
        for version in sorted(known)
        if first <= version <= last and not version.is_postrelease
    ]


def first_change(targets: Sequence[str], probe_one: Callable[[str], Probe]) -> tuple[Probe, Probe] | None:
    """Return the neighbours between which something changed: the last that shows what the first does, and the next.

    None if the last release shows what the first one does.
    """
    before, after = probe_one(targets[0]), probe_one(targets[-1])
    if before.shown == after.shown:
        return None
    low, high, start = 0, len(targets) - 1, before.shown
    while high - low > 1:
        middle = (low + high) // 2
        result = probe_one(targets[middle])
        if result.shown == start:
            low, before = middle, result
        else:
            high, after = middle, result
    return before, after


def probe(target: str, words: Sequence[str], root: Path, write: Write) -> Probe:
    """Run the suite on one release. Raises InfrastructureError where it came to no verdict."""
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
    result = Probe(target, tuple(_answers(max(folders))))
    write(f"bisect    {target:<18} {_named(result) or 'nothing found'}")
    return result


def lines(targets: Sequence[str], pair: tuple[Probe, Probe] | None) -> list[str]:
    """Return the answer, with both neighbours' evidence."""
    if pair is None:
        return [f"UNCHANGED {targets[-1]} shows what {targets[0]} does"]
    before, after = pair
    appeared, gone = after.shown - before.shown, before.shown - after.shown
    report = [f"CHANGED   {after.target} is the first that differs from {targets[0]}"]
    for word, probed, names in (("lost", before, gone), ("shows", after, appeared)):
        report += [f"          {word:<6}  {_evidence(probed, name)}" for name in sorted(names)]
    return report


def _require_own_runs(words: Sequence[str]) -> None:
    """Raise UsageProblem where the runs of the releases would go where they are not looked for."""
    if any(word.partition("=")[0] == "--runs" for word in words):
        raise UsageProblem(
            "--bisect leaves the runs of all releases in runs/, and reads them there: leave --runs out"
        )


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


def _listed(build: Build) -> list[str]:
    """Return a build's releases on the package index; empty if it does not answer."""
    command = [sys.executable, "-m", "pip", "index", "versions", build.package]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"^Available versions: (.+)$", finished.stdout, re.MULTILINE)
    return match[1].split(", ") if match else []
