"""A server against itself, again and again: how often the gate cries wolf.

    python -m tests.bench.repeat_gate [--busy LOOPS] TIMES [TARGET] [pytest arguments ...]

Each run launches the target, as a user's would, and is gated against the run before it; `--busy` keeps so many cores
busy beside. Prints a line a gate; exit status 0: nothing but `unchanged`, `broken`, `changed`, `flaky` and
`not-comparable` in any of them, no NO-GO, and no item that is unstable.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.harness.core.records.run import Run
from tests.harness.gate.verdict import verdict_of
from tests.harness.runfolder.read import read_run
from tests.harness.session.ledger import read_ledger

ROOT = Path(__file__).parents[2]
CALM = {"unchanged", "broken", "changed", "flaky", "not-comparable"}
_END = 4000


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Keep `loops` cores busy within the block."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for loop in started:
            loop.kill()
            loop.wait()


def run_once(target: str, baseline: Path | None, words: Sequence[str], runs: Path) -> tuple[int, Path]:
    """Return pytest's exit status, and the folder of the run."""
    before = set(runs.iterdir())
    gate = [f"--baseline={baseline}"] if baseline else []
    command = [sys.executable, "-m", "pytest", "-q", f"--target={target}", f"--runs={runs}", *gate, *words]
    with (runs / "pytest.log").open("w", encoding="utf-8") as log:
        status = subprocess.run(command, cwd=ROOT, check=False, stdout=log, stderr=subprocess.STDOUT)
    folders = [entry for entry in set(runs.iterdir()) - before if entry.is_dir()]
    return status.returncode, folders[0] if folders else runs


def told(before: Run, after: Run) -> tuple[bool, str]:
    """Return whether a gate found nothing new, and what it found: from the runs' files alone."""
    decision = verdict_of(after, before, read_ledger())
    kinds = Counter(row.kind for row in (decision.comparison.rows if decision.comparison else ()))
    unstable = sum(outcome.result == "unstable" for outcome in after.outcomes)
    words = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    is_calm = decision.verdict.word == "GO" and kinds.keys() <= CALM and not unstable
    return is_calm, f"{decision.verdict.word:<6} {words}, {unstable} unstable"


def main(times: int, target: str, words: Sequence[str]) -> int:
    """Return the exit status."""
    calm = 0
    with tempfile.TemporaryDirectory(prefix="xlam-gate-repeat-") as folder:
        runs, baseline = Path(folder), None
        for number in range(times + 1):
            status, run = run_once(target, baseline, words, runs)
            if status not in {0, 1} or run == runs:
                sys.stdout.write((runs / "pytest.log").read_text("utf-8")[-_END:])
                return status or 1
            if baseline is not None:
                is_calm, line = told(read_run(baseline), read_run(run))
                calm += is_calm and status == 0
                print(f"gate {number:>2} of {times}: {line}", flush=True)
            baseline = run
    print(f"{target} against itself: {calm} of {times} gates found nothing new")
    return 0 if calm == times else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("times", type=int)
    parser.add_argument("target", nargs="?", default="wheel:0.33.0")
    arguments, rest = parser.parse_known_args()
    with busy(arguments.busy):
        sys.exit(main(arguments.times, arguments.target, rest))
