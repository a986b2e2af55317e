"""A whole pytest run of the suite in a process of its own, with the most memory that it took."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.selftest.jobs import PARSER, ROOT

_HANGS_S = 240
_MARK = "\npeak "
# A new process begins with the peak of the one that started it: one that is small stands between.
_SMALL_PARENT = f"""
import resource, subprocess, sys
ended = subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]])
print(end={_MARK!r} + str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), flush=True)
sys.exit(ended.returncode)
"""


@dataclass(frozen=True)
class Measured:
    """An ended session."""

    status: int
    said: str
    seconds: float
    peak_mb: float
    """Largest resident set of the process."""


def measured(folder: Path, *words: str, **env: str) -> Measured:
    """Run the suite with its run folders under `folder`."""
    began = time.monotonic()
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _SMALL_PARENT,
                "-p",
                "no:cacheprovider",
                f"--runs={folder / 'runs'}",
                *words,
            ],
            cwd=ROOT,
            env={**os.environ, PARSER: "xlam", **env},
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait(_HANGS_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    text, _, peak_kb = (folder / "said").read_text("utf-8").rpartition(_MARK)
    return Measured(status, text, time.monotonic() - began, int(peak_kb) / 1024)
