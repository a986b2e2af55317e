"""A build that no entry of the ledger can be about says so before it is asked anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.servers.environment import OFFICIAL
from tests.selftest.jobs import job
from tests.selftest.talking_server import Talker, talking

TOKYO = ("-k", "test_query and tokyo and stream")
NIGHTLY = "0.33.1.dev12+gabc"
NEWEST = OFFICIAL.newest_locked()


@pytest.fixture
def nightly() -> Iterator[Talker]:
    with talking(Talker(version=NIGHTLY)) as server:
        yield server


def told(said: str) -> list[str]:
    return [line for line in said.splitlines() if "ledger    none" in line]


def test_it_is_told_what_to_do_about_it(nightly: Talker, tmp_path: Path) -> None:
    ended = job(tmp_path, "--target", nightly.url, *TOKYO)
    (line,) = told(ended.said)
    assert line == (
        f"ledger    none for {NIGHTLY}, a development build: every known defect will count as unexplained;"
        f" add --assume-version {NEWEST}, or --baseline wheel:{NEWEST}"
    )


def test_a_server_without_a_version_has_none_either(tmp_path: Path) -> None:
    with talking(Talker(version="")) as server:
        ended = job(tmp_path, "--target", server.url, *TOKYO)
    assert "none for an unknown version: every" in told(ended.said)[0]


def test_nothing_is_said_where_something_else_says_what_is_known(nightly: Talker, tmp_path: Path) -> None:
    assumed = job(tmp_path / "assumed", "--target", nightly.url, "--assume-version", NEWEST, *TOKYO)
    assert assumed.status == 0, assumed.said
    compared = job(tmp_path / "compared", "--target", nightly.url, f"--baseline={assumed.runs[0]}", *TOKYO)
    assert told(assumed.said) + told(compared.said) == []
