"""How long the default job takes on two targets once they are ready, for the same items.

    python -m tests.bench.main_job [BEFORE] [AFTER] [pytest arguments ...]

`process:0.32.0` and `wheel:0.32.0` if nothing else is said. First the whole job on the one, then on the other all that
the first could be asked. Prints seconds from ready to the end, and the ratio; exit status 0: both are GO, and the ratio
is 0.5 at most.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.run import Run
from tests.harness.runfolder.read import read_run

ROOT = Path(__file__).parents[2]
MOST = 0.5
_NOT_ASKED = {"skipped", "not-applicable"}


@dataclass(frozen=True)
class Job:
    """A run, and how long it took."""

    run: Run
    seconds: float
    """From ready to the end of pytest."""
    status: int


def run_job(target: str, words: Sequence[str], runs: Path) -> Job:
    """Run the job. Raises RuntimeError for one that never got ready."""
    before = set(runs.iterdir())
    command = [sys.executable, "-m", "pytest", "-q", f"--target={target}", f"--runs={runs}", *words]
    ready, said = None, deque[str](maxlen=20)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as job:
        for line in job.stdout or ():
            if ready is None and line.startswith("ready "):
                ready = time.monotonic()
            said.append(line)
        status = job.wait()
    if ready is None:
        raise RuntimeError(f"{target} never got ready:\n{''.join(said)}")
    seconds = time.monotonic() - ready
    (folder,) = {entry for entry in runs.iterdir() if entry.is_dir()} - before
    return Job(read_run(folder), seconds, status)


def asked(run: Run) -> list[Outcome]:
    """Return the outcomes of all that a run's deployment could be asked."""
    return [outcome for outcome in run.outcomes if outcome.result not in _NOT_ASKED]


def main() -> int:
    """Run both and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("before", nargs="?", default="process:0.32.0")
    parser.add_argument("after", nargs="?", default="wheel:0.32.0")
    options, words = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder)
        before = run_job(options.before, words, runs)
        label = options.after.replace(":", "-")
        items = [outcome.item.replace(outcome.deployment, label) for outcome in asked(before.run)]
        # The file lies beside the folders of the runs.
        (runs / "items.txt").write_text("\n".join(items) + "\n")
        after = run_job(options.after, [f"@{runs / 'items.txt'}"], runs)
    ratio = after.seconds / before.seconds
    for target, job in ((options.before, before), (options.after, after)):
        print(f"{target:16} {len(asked(job.run)):5} items   {job.seconds:6.1f} s from ready to the end")
    print(f"{ratio:.2f}, {MOST} is wanted")
    return int(before.status or after.status or ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
