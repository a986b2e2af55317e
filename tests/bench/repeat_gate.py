"""A server against itself, again and again: how often the gate cries wolf.

    python -m tests.bench.repeat_gate 20 [TARGET] [pytest arguments ...]

Each gate launches the target twice, as a user's would. Prints a line a gate; exit status 0: nothing but `unchanged`,
`broken`, `changed` and `flaky` in any of them.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.harness.cases.cut_tags import CUT_TAGS
from tests.harness.gate.verdict import Decision, verdict_of
from tests.harness.judging.ledger.load import load_known_issues
from tests.harness.judging.registry import vocabulary
from tests.harness.runfolder.read import read_run

ROOT = Path(__file__).parents[2]
CALM = {"unchanged", "broken", "changed", "flaky"}


def gate(target: str, words: Sequence[str], runs: Path) -> int:
    """Pytest's exit status; the runs of both sides are left in `runs`."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--target",
        target,
        f"--baseline={target}",
        f"--runs={runs}",
    ]
    with (runs / "pytest.log").open("w", encoding="utf-8") as log:
        return subprocess.run(
            [*command, *words], cwd=ROOT, check=False, stdout=log, stderr=subprocess.STDOUT
        ).returncode


def compared_in(runs: Path) -> Decision:
    """What the two runs of a gate come to, from their files alone."""
    issues = load_known_issues(vocabulary=vocabulary(), cut_tags=CUT_TAGS)
    found = {
        folder.name.endswith("-baseline"): read_run(folder) for folder in runs.iterdir() if folder.is_dir()
    }
    return verdict_of(found[False], found[True], issues)


def main(times: int, target: str = "process:0.32.0", *words: str) -> int:
    """Exit status."""
    calm = 0
    for number in range(1, times + 1):
        with tempfile.TemporaryDirectory(prefix="xlam-gate-repeat-") as folder:
            status = gate(target, words, Path(folder))
            if status not in {0, 1}:
                print(Path(folder, "pytest.log").read_text("utf-8")[-4000:])
                return status
            decision = compared_in(Path(folder))
        rows = decision.comparison.rows if decision.comparison else ()
        kinds = Counter(row.kind for row in rows)
        calm += status == 0 and kinds.keys() <= CALM
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        print(f"gate {number:>2} of {times}: {decision.verdict.word:<6} {told}", flush=True)
    print(f"{target} against itself: {calm} of {times} gates found nothing new")
    return 0 if calm == times else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
