"""What it costs to judge recorded exchanges again: time, memory, and that both grow with their number and no faster."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.catalogue.load import load_cases
from tests.harness.deployment.bring_up import Live
from tests.harness.every_check import every_vocabulary
from tests.harness.exchange.store import load, save
from tests.harness.forcer import Forcer
from tests.harness.judging import Judge
from tests.harness.ledger.load import load_known_issues
from tests.harness.options import DEFAULT_CONCURRENCY
from tests.harness.recordings import Recordings
from tests.harness.records.case import MODES

ROOT = Path(__file__).parents[2]
LONGEST_S = 10.0
MOST_MB = 300.0
EXCHANGES = 10_000
LARGEST_GROWTH = 1.3
"""Time for one exchange among ten thousand, beside one among a quarter of them."""


def recorded(live: Live, folder: Path) -> Path:
    """The default sweep, on file."""
    recordings = Recordings(live, folder)
    version = live.deployment.vllm_version
    forcer = Forcer(recordings, Judge(load_known_issues(vocabulary=every_vocabulary()), version), "default")
    cases = [case for case in load_cases() if case.text and case.depth == "default"]
    wanted = [(case, mode) for case in cases for mode in MODES]
    forcer.record_side_by_side(wanted, DEFAULT_CONCURRENCY, live.order.progress)
    forcer.close()
    recordings.close()
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
def test_judging_again(live: Live, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    once = recorded(live, tmp_path)
    version = live.deployment.vllm_version
    times = -(-EXCHANGES // once.read_bytes().count(b"\n"))
    few = judged(copied(once, tmp_path / "few.jsonl", max(1, times // 4)), version)
    many = judged(copied(once, tmp_path / "many.jsonl", times), version)
    each = {name: found["seconds"] / found["exchanges"] for name, found in (("few", few), ("many", many))}
    with capsys.disabled():
        print(f"\nfew {few}\nmany {many}\ngrowth {each['many'] / each['few']:.2f}")
    assert each["many"] * EXCHANGES <= LONGEST_S
    assert many["memory_mb"] <= MOST_MB
    assert each["many"] / each["few"] <= LARGEST_GROWTH
