"""Whole pytest runs of the suite, in a process of their own, with run folders where a test wants them."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.run import Run
from tests.harness.runfolder.read import read_run

ROOT = Path(__file__).parents[2]
HANGS_S = 600
"""Seconds after which a session is given up: far beyond what a slow machine needs."""


@dataclass(frozen=True)
class Job:
    """An ended session."""

    status: int
    said: str
    runs: tuple[Path, ...]
    """Folders that it made, the oldest deployment first."""

    def run(self, part: str = "") -> Run:
        """The one run whose label holds `part`."""
        (folder,) = [folder for folder in self.runs if part in folder.name]
        return read_run(folder)


def job(runs: Path, *words: str, prepare: Callable[[], None] | None = None, **env: str) -> Job:
    """Run the suite; `runs` takes its run folders, `prepare` is called in the new process."""
    before = set(runs.iterdir()) if runs.exists() else set()
    ended = subprocess.run(
        # With a blank between them, pytest would take a path that exists for a test path, before it knows the option.
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--runs={runs}", *words],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
        preexec_fn=prepare,
    )
    made = sorted(set(runs.iterdir()) - before if runs.exists() else (), key=lambda folder: folder.name)
    return Job(ended.returncode, ended.stdout + ended.stderr, tuple(made))
