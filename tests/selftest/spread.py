"""The self-tests on several workers (`-n`): what is made once for many tests is made by one worker, and once."""

import os

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/selftest/scripted_engine/", "tests/selftest/servers/docker/")
"""Folders whose files share something: servers of vLLM; images, and volumes of a Docker engine that are counted."""
WORKER_VARIABLES = "PYTEST_XDIST_"


class FileScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist brings no types
    """One unit of work a file, or a folder whose files share something."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the unit that a test belongs to."""
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """Return the folder or the file whose tests run on one worker."""
    path = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if path.startswith(folder)), path)


def forget_worker() -> None:
    """Take out of the environment what says that this is a worker: what its tests start is none."""
    for name in [name for name in os.environ if name.startswith(WORKER_VARIABLES)]:
        del os.environ[name]
