"""With `-n` a file is tested by one worker, a folder whose files share something too; all is said as without it."""

import os
import re
import sys
from pathlib import Path

import pytest

from tests.selftest.jobs import session
from tests.selftest.spread import LONGEST, TOGETHER, LongestFirst, forget_worker, keep_bytecode, unit_of

ROOT = Path(__file__).parents[2]
HERE = "tests/selftest"
PROFILES = "scripted_engine/test_profiles_without_weights.py"
FILES = (f"{HERE}/test_jobs.py", f"{HERE}/report/html/test_page.py", f"{HERE}/core/test_chunk_shape.py")
WITHOUT_BROWSER = {"PATH": "/nowhere", "CI": "", "XLAM_GATE_BROWSER": "none"}


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        (f"{HERE}/test_jobs.py::test_it", f"{HERE}/test_jobs.py"),
        (f"{HERE}/gate/test_compare.py::test_it[http://a-b::c]", f"{HERE}/gate/test_compare.py"),
        (f"{HERE}/servers/test_launch.py::test_it", f"{HERE}/servers/test_launch.py"),
        (f"{HERE}/servers/docker/test_launch.py::test_it", f"{HERE}/servers/docker/"),
        (f"{HERE}/servers/docker/test_sigkill.py::test_it[3]", f"{HERE}/servers/docker/"),
        (f"{HERE}/scripted_engine/test_engine.py::test_n[ahead]", f"{HERE}/scripted_engine/"),
        (f"{HERE}/{PROFILES}::test_it", f"{HERE}/{PROFILES}"),
    ],
)
def test_a_test_is_of_the_unit_of_its_file(test: str, unit: str) -> None:
    assert unit_of(test) == unit


@pytest.mark.parametrize("folder", TOGETHER)
def test_a_folder_that_stays_together_exists(folder: str) -> None:
    assert list((ROOT / folder).glob("test_*.py"))


@pytest.mark.parametrize("unit", LONGEST)
def test_what_takes_long_is_a_unit_that_exists(unit: str) -> None:
    assert (ROOT / unit).exists()
    assert unit_of(unit) == unit


def test_what_takes_long_is_dealt_out_first_and_the_rest_in_the_order_in_which_it_came() -> None:
    waiting = LongestFirst((unit, {}) for unit in ("many.py", LONGEST[1], "few.py", LONGEST[0]))
    assert [waiting.popitem(last=False)[0] for _ in range(4)] == [*LONGEST[:2], "many.py", "few.py"]
    assert not waiting


def test_what_was_compiled_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    keep_bytecode()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert not sys.dont_write_bytecode


def test_every_file_has_one_worker_and_what_is_left_out_is_said() -> None:
    ended = session("-n", "2", "-v", *FILES, **WITHOUT_BROWSER)
    assert ended.returncode == 0, ended.stdout
    tested = set(re.findall(r"^\[(gw\d)\] \[ *\d+%\] \w+ ([\w/]+\.py)::", ended.stdout, re.MULTILINE))
    assert sorted(file for _, file in tested) == sorted(FILES)
    assert {worker for worker, _ in tested} == {"gw0", "gw1"}
    assert re.search(r"^left out  \d+ tests were not run: no Chromium and", ended.stdout, re.MULTILINE)


def test_a_session_that_a_test_starts_is_no_worker_s(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [name for name in os.environ if name.startswith("PYTEST_XDIST_")]
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    forget_worker()
    assert "PYTEST_XDIST_WORKER" not in os.environ
