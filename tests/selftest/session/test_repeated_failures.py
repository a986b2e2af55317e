"""A server that is broken through and through is told in a few blocks, a line an item, and a few causes."""

import subprocess

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.suites.seen_causes import AS_BEFORE, TOLD
from tests.selftest.faulty_servers.scripts import faulty_servers, serve
from tests.selftest.jobs import session

ROUNDS = "test_query or test_follow_up or test_chained_follow_up"


@pytest.fixture(scope="module", params=["alone", "spread"])
def raising(request: pytest.FixtureRequest) -> subprocess.CompletedProcess[str]:
    script = next(script for script in faulty_servers() if script.name == "error_frame_in_stream")
    words = ["-n", "1"] if request.param == "spread" else []
    with serve(script, load_cases()) as url:
        return session("--target", url, "-k", ROUNDS, *words)


def blocks_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("_") and line.endswith("_")]


def test_each_cause_is_told_in_full_a_few_times(raising: subprocess.CompletedProcess[str]) -> None:
    assert raising.returncode == 1, raising.stdout
    # A stream that holds an error and a whole answer that holds the same one are one cause; no call to run is another.
    assert len(blocks_in(raising.stdout)) == 2 * TOLD, raising.stdout


def test_every_other_failing_item_says_one_line(raising: subprocess.CompletedProcess[str]) -> None:
    failed = [line for line in raising.stdout.splitlines() if line.startswith("FAILED ")]
    assert len(failed) == 46
    assert sum(AS_BEFORE in line for line in failed) == 46 - 2 * TOLD
    assert "46 failed" in raising.stdout
    assert "what the model wrote" in raising.stdout
    assert raising.stdout.count("what the model wrote") == 2 * TOLD


def test_the_verdict_names_causes(raising: subprocess.CompletedProcess[str]) -> None:
    verdict = raising.stdout.partition("verdict on")[2]
    assert "46 items with unexplained findings of 2 causes" in verdict
    (error, nothing) = [line for line in verdict.splitlines() if "  blocks  " in line]
    assert error.strip() == (
        "blocks  time-without-parameters [whole]   whole-body/error-object   36 answers in 7 cases;"
        " also stream-frames/error-frame"
    )
    assert nothing.strip().endswith("tool-run/nothing-to-run   10 answers in 5 cases")
    assert verdict.count("again      pytest --target") == verdict.count("by hand    curl") == 2


def test_one_item_is_always_told_in_full() -> None:
    script = next(script for script in faulty_servers() if script.name == "duplicate_ids")
    with serve(script, load_cases()) as url:
        job = session("--target", url, "-k", "test_query and tokyo and stream")
    verdict = job.stdout.partition("verdict on")[2]
    assert len(blocks_in(job.stdout)) == 1
    assert "1 item with unexplained findings  " in verdict
    lines = [line.strip() for line in verdict.splitlines() if "blocks" in line]
    assert lines == ["blocks  weather-tokyo-and-new-york [stream]   call-identity/duplicate-id"]
    assert "again" not in verdict, "the block above says it"
