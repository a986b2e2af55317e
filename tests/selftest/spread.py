"""The self-tests on several workers (`-n`): what is made once for many tests is made by one worker, and once."""

import os
import sys
from collections import OrderedDict
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/selftest/scripted_engine/", "tests/selftest/servers/docker/")
"""Folders whose files share something: servers of vLLM; images, and volumes of a Docker engine that are counted."""
ALONE = ("tests/selftest/scripted_engine/test_profiles_without_weights.py",)
"""Files of such folders that launch what is their own, and take long."""
LONGEST = (
    *TOGETHER,
    "tests/selftest/session/test_xdist.py",
    *ALONE,
    "tests/selftest/hostile/test_jobs.py",
    "tests/selftest/session/test_main_job.py",
    "tests/selftest/report/html/test_page.py",
)
"""Units of a minute and more: dealt out first, as one that begins last is waited for by all other workers."""
WORKER_VARIABLES = "PYTEST_XDIST_"


class FileScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist brings no types
    """One unit of work a file, or a folder whose files share something."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        self.workqueue = LongestFirst()

    def _split_scope(self, nodeid: str) -> str:
        """Return the unit that a test belongs to."""
        return unit_of(nodeid)


class LongestFirst(OrderedDict[str, dict[str, bool]]):
    """Units that wait for a worker; pytest-xdist has put those of many tests first, which says little of the time."""

    def popitem(self, last: bool = True) -> tuple[str, dict[str, bool]]:  # noqa: ARG002 - never asked for the last
        """Take out the unit that is dealt next."""
        unit = min(self, key=_place)
        return unit, self.pop(unit)


def _place(unit: str) -> int:
    return LONGEST.index(unit) if unit in LONGEST else len(LONGEST)


def unit_of(nodeid: str) -> str:
    """Return the folder or the file whose tests run on one worker."""
    path = nodeid.partition("::")[0]
    if path in ALONE:
        return path
    return next((folder for folder in TOGETHER if path.startswith(folder)), path)


def keep_bytecode() -> None:
    """Let what one Python has compiled serve the hundreds that tests start, though an image says that none is kept."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def forget_worker() -> None:
    """Take out of the environment what says that this is a worker: what its tests start is none."""
    for name in [name for name in os.environ if name.startswith(WORKER_VARIABLES)]:
        del os.environ[name]
