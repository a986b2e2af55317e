"""pytest-xdist: each deployment is launched once, by one worker, and the controller draws every verdict."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness.servers.host import gpus_dealt
from tests.selftest.jobs import job, words_for_a_file
from tests.selftest.standin import standin_python
from tests.selftest.talking_server import Talker, defect, talking

TOKYO = "test_query and tokyo"


@pytest.fixture
def servers() -> Iterator[list[Talker]]:
    """Three right ones and a broken one."""
    with ExitStack() as stack:
        talkers = [Talker(), Talker(), Talker(), Talker(defect("duplicate_ids"))]
        yield [stack.enter_context(talking(talker)) for talker in talkers]


def targets(servers: list[Talker]) -> list[str]:
    return [word for server in servers for word in ("--target", server.target)]


@pytest.mark.parametrize("workers", ["2", "5"])
def test_each_deployment_is_launched_once(servers: list[Talker], tmp_path: Path, workers: str) -> None:
    spread = job(tmp_path, *targets(servers), "-n", workers, "-k", f"({TOKYO} or one-call) and not cut")
    assert [server.asked["/v1/models"] for server in servers] == [1, 1, 1, 1]
    assert spread.status == 1, spread.said
    assert spread.said.count("\nGO (part) http://") == 3
    assert spread.said.count("\nNO-GO (part) http://") == 1
    for folder in spread.runs:
        assert len(list(folder.glob("exchanges-gw*.jsonl"))) == 1
        assert len(list(folder.glob("tokens-gw*.jsonl"))) == 1
    assert len(spread.runs) == 4
    assert "[gw0] ready" in spread.said, "long waits are seen from workers too"
    assert all(run.footer for run in map(spread.run, (server.target for server in servers)))


@pytest.mark.parametrize(
    ("workers", "gpus", "dealt"),
    [
        (2, ["0", "1", "2", "3"], [["0", "2"], ["1", "3"]]),
        (2, ["0", "1", "2"], [["0", "2"], ["1"]]),
        (3, ["0", "GPU-5d"], [["0"], ["GPU-5d"], ["0"]]),
        (2, [], [[], []]),
    ],
)
def test_gpus_are_dealt_to_workers(workers: int, gpus: list[str], dealt: list[list[str]]) -> None:
    assert [gpus_dealt(worker, workers, gpus) for worker in range(workers)] == dealt


def test_a_worker_asks_for_its_own_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen from a test in each of two workers."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,5,6")
    folder = tmp_path / "seen"
    folder.mkdir()
    words = words_for_a_file(
        tmp_path,
        "import os, pathlib, pytest\n"
        "@pytest.mark.parametrize('n', range(2))\n"
        "def test_gpus(n):\n"
        "    from tests.harness.servers.docker.gpu import gpu_request\n"
        f"    pathlib.Path({str(folder)!r}, os.environ['PYTEST_XDIST_WORKER']).write_text(str(gpu_request()))\n",
    )
    job(tmp_path / "runs", "--target", "process:0.32.0", "-n", "2", *words)
    seen = {path.name: path.read_text() for path in folder.iterdir()}
    assert "['4', '6']" in seen["gw0"]
    assert "['5']" in seen["gw1"]


@pytest.mark.parametrize(
    ("target", "workers", "asks"),
    [
        ("http://127.0.0.1:9", ("-n", "1"), False),
        ("process:0.32.0", (), False),
        ("process:0.32.0", ("-n", "1"), True),
    ],
)
def test_gpus_are_looked_for_only_where_workers_launch_servers(
    target: str, workers: tuple[str, ...], asks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions, program = tmp_path / "questions", tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {questions}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    words = words_for_a_file(tmp_path, "def test_nothing():\n    pass\n")
    job(tmp_path / "runs", "--target", target, *workers, *words)
    asked = questions.read_text() if questions.exists() else ""
    assert ("--query-gpu=index" in asked) == asks


def test_alone_or_spread_the_outcomes_are_the_same(servers: list[Talker], tmp_path: Path) -> None:
    words = [*targets(servers[2:]), "-k", TOKYO]
    alone, spread = job(tmp_path / "a", *words), job(tmp_path / "b", *words, "-n", "2")
    broken = servers[3].target
    assert {entry.item: entry.result for entry in alone.run(broken).outcomes} == {
        entry.item: entry.result for entry in spread.run(broken).outcomes
    }
    assert (alone.status, spread.status) == (1, 1)


def test_a_gate_is_spread_too(servers: list[Talker], tmp_path: Path) -> None:
    words = ["--target", servers[3].url, "--baseline", servers[0].url, "-n", "2"]
    gate = job(tmp_path, *words, "-k", TOKYO)
    assert gate.status == 1
    assert "2 regressions" in gate.said
    assert [servers[0].asked["/v1/models"], servers[3].asked["/v1/models"]] == [1, 1]


def test_a_filter_in_workers_is_known_to_the_controller(servers: list[Talker], tmp_path: Path) -> None:
    """Else what the filter left out would be a coverage change."""
    more = job(tmp_path / "a", "--target", servers[0].url, "-k", "test_scenarios")
    part = job(
        tmp_path / "b", "--target", servers[1].url, f"--baseline={more.runs[0]}", "-n", "2", "-k", TOKYO
    )
    assert len(more.run().outcomes) > len(part.run(servers[1].url).outcomes)
    assert part.status == 0, part.said
    assert "coverage" not in part.said


def test_a_lost_worker_is_no_verdict_for_what_it_tested(servers: list[Talker], tmp_path: Path) -> None:
    words = words_for_a_file(
        tmp_path,
        "import os\n"
        "def test_first(deployment, item_result):\n    pass\n"
        "def test_second(deployment, item_result):\n"
        f"    deployment.deployment.base_url == '{servers[1].url}' and os._exit(3)\n",
    )
    lost = job(tmp_path / "runs", *targets(servers[:2]), "-n", "2", *words)
    assert lost.status == 10, lost.said
    assert "the worker gw" in lost.said
    assert "that tested it was lost" in lost.said
    assert servers[1].asked["/v1/models"] == 1, "no worker is started again, and none launches again"
    assert lost.run(servers[1].target).footer is None


def test_a_server_that_dies_under_a_worker_is_no_verdict(tmp_path: Path) -> None:
    python = standin_python(tmp_path, dies_after="3")
    dead = job(tmp_path / "runs", "--target", f"process:{python}", "-n", "1", "-k", TOKYO)
    assert dead.status == 10
    assert "died in the middle of the run: killed by SIGKILL (9)" in dead.said
