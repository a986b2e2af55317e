"""What it costs to judge recorded exchanges again: time, memory, and that both grow with their number and no faster."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.case import MODES
from tests.harness.judging.judge import Judge
from tests.harness.options import DEFAULT_CONCURRENCY
from tests.harness.runfolder.exchange_file import load, save
from tests.harness.servers.launch import Server
from tests.harness.session.ledger import read_ledger
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.forced import ForcedSuite

ROOT = Path(__file__).parents[2]
LONGEST_S = 10.0
MOST_MB = 300.0
EXCHANGES = 10_000
LARGEST_GROWTH = 1.3
"""Time for one exchange among ten thousand, beside one among a quarter of them."""


def recorded(server: Server, folder: Path) -> Path:
    """The default sweep, on file."""
    answer_store = AnswerStore(server, folder)
    version = server.deployment.vllm_version
    forced_suite = ForcedSuite(answer_store, Judge(read_ledger(), version), "default")
    cases = [case for case in load_cases() if case.text and case.depth == "default"]
    wanted = [(case, mode) for case in cases for mode in MODES]
    forced_suite.record_side_by_side(wanted, DEFAULT_CONCURRENCY, server.request.progress)
    forced_suite.close()
    answer_store.close()
    return folder / "exchanges.jsonl"


def copied(source: Path, target: Path, times: int) -> Path:
    """The same exchanges as so many attempts."""
    with target.open("wb") as file:
        for attempt in range(times):
            for exchange in load(source):
                save(file, replace(exchange, key=replace(exchange.key, attempt=attempt)))
    return target


def judged(path: Path, version: str) -> dict[str, float]:
    words = [sys.executable, "-m", "tests.bench.judge_again", str(path), version]
    found: dict[str, float] = json.loads(subprocess.check_output(words, cwd=ROOT))
    return found


@pytest.mark.timeout(1800)
def test_judging_again(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    once = recorded(server, tmp_path)
    version = server.deployment.vllm_version
    times = -(-EXCHANGES // once.read_bytes().count(b"\n"))
    few = judged(copied(once, tmp_path / "few.jsonl", max(1, times // 4)), version)
    many = judged(copied(once, tmp_path / "many.jsonl", times), version)
    each = {name: found["seconds"] / found["exchanges"] for name, found in (("few", few), ("many", many))}
    with capsys.disabled():
        print(f"\nfew {few}\nmany {many}\ngrowth {each['many'] / each['few']:.2f}")
    assert each["many"] * EXCHANGES <= LONGEST_S
    assert many["memory_mb"] <= MOST_MB
    assert each["many"] / each["few"] <= LARGEST_GROWTH
