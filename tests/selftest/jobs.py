"""Whole pytest runs of the suite, in a process of their own, with run folders where a test wants them."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.run import Run
from tests.harness.runfolder.read import read_run
from tests.selftest.fork_server import ROOT, fork_server

PARSER = "XLAM_GATE_PARSER"
"""Environment variable: what the borrowed servers run; the stand-ins speak as an xLAM model behind its parser does."""
HANGS_S = 600
"""Seconds after which a session is given up: far beyond what a slow machine needs."""


@dataclass(frozen=True)
class Job:
    """An ended session."""

    status: int
    said: str
    runs: tuple[Path, ...]
    """Folders that it made, the oldest deployment first."""

    def run(self, target: str = "") -> Run:
        """The run against a target, as it was given; without one the only run there is."""
        runs = [run for run in map(read_run, self.runs) if target in {"", run.header.target}]
        assert len(runs) == 1, f"one run of {target or 'any target'} is wanted, of {self.runs}"
        return runs[0]


def session(
    *words: str, fresh: bool = False, prepare: Callable[[], None] | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the suite with these words and variables, and wait for it.

    It is forked from a process that has imported everything; the workers of `-n` are new Pythons in any case. So is the
    session if `fresh` asks for it, and for `prepare`, which is called in the new process.
    """
    words, environment = ("-p", "no:cacheprovider", *words), {**os.environ, PARSER: "xlam", **env}
    is_forked = not (fresh or prepare) and fork_server().can_take(environment)
    if is_forked:
        return fork_server().run(words, environment, HANGS_S)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
        preexec_fn=prepare,
    )


def words_for_a_file(folder: Path, text: str) -> tuple[str, ...]:
    """Write a test file outside the repository; return the words that make a session of the suite run it alone."""
    path = folder / "test_alone.py"
    path.write_text(text)
    plugins = ("-p", "tests.harness.fixtures", "-p", "tests.harness.plugin")
    return (*plugins, "-c", "pytest.ini", "--rootdir", ".", str(path))


def job(runs: Path, *words: str, prepare: Callable[[], None] | None = None, **env: str) -> Job:
    """Run the suite; `runs` takes its run folders, `prepare` is called in the new process."""
    before = set(runs.iterdir()) if runs.exists() else set()
    # With a blank between them, pytest would take a path that exists for a test path, before it knows the option.
    ended = session(f"--runs={runs}", *words, prepare=prepare, **env)
    made = sorted(set(runs.iterdir()) - before if runs.exists() else (), key=lambda folder: folder.name)
    return Job(ended.returncode, ended.stdout + ended.stderr, tuple(made))
