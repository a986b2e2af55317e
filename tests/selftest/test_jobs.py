"""The runs of a session are told apart by what was tested, whatever else the names of their folders hold."""

from pathlib import Path

import pytest

from tests.selftest.jobs import Job
from tests.selftest.report.folders import folder_of, right

ONE, OTHER = "http://127.0.0.1:18063", "http://127.0.0.1:8063"


@pytest.fixture
def ended(tmp_path: Path) -> Job:
    """Begun at 18:06:31: a time that holds one port, and a port that holds the other."""
    names = {
        target: f"2026-11-28T180631-{target.replace('://', '-').replace(':', '-')}" for target in (ONE, OTHER)
    }
    folders = [
        folder_of(tmp_path / name, [right("one-call")], target=target) for target, name in names.items()
    ]
    return Job(0, "", tuple(folders))


@pytest.mark.parametrize("target", [ONE, OTHER])
def test_a_run_is_found_by_its_target(ended: Job, target: str) -> None:
    assert ended.run(target).header.target == target


@pytest.mark.parametrize("target", ["", "http://127.0.0.1:1806"])
def test_what_names_no_one_run_is_refused(ended: Job, target: str) -> None:
    with pytest.raises(AssertionError, match="one run of"):
        ended.run(target)
