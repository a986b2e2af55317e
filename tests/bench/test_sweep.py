"""What a sweep costs beside a bare script that sends the same with the same client; and what concurrency gives."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.harness.catalogue.load import load_cases
from tests.harness.deployment.bring_up import Live
from tests.harness.every_check import every_vocabulary
from tests.harness.exchange.client import create_arguments
from tests.harness.forcer import Forcer
from tests.harness.judging import Judge
from tests.harness.ledger.load import load_known_issues
from tests.harness.options import DEFAULT_CONCURRENCY
from tests.harness.recordings import Recordings
from tests.harness.records.case import MODES, Case, Mode

ROUNDS = 3
CASES = [case for case in load_cases() if case.topic == "forced-core"][::2]
WANTED = [(case, mode) for case in CASES for mode in MODES]
FEW = WANTED[::4]
"""One at a time takes its time."""
LARGEST_OVERHEAD = 1.15
SMALLEST_GAIN = 1.8


def suite(
    live: Live, folder: Path, concurrency: int, wanted: list[tuple[Case, Mode]], *, judge: bool
) -> float:
    """Seconds that the suite takes to record, and to judge if asked to."""
    folder.mkdir()
    began = time.monotonic()
    recordings = Recordings(live, folder)
    version = live.deployment.vllm_version
    forcer = Forcer(recordings, Judge(load_known_issues(vocabulary=every_vocabulary()), version), "default")
    forcer.record_side_by_side(wanted, concurrency, live.order.progress)
    if judge:
        assert any(entry.judgements for case, mode in wanted for entry in forcer.confirmed(case, mode))
    forcer.close()
    recordings.close()
    return time.monotonic() - began


def bare_script(live: Live, bodies: list[dict[str, Any]]) -> float:
    """Seconds that a script takes to send the same with the official client, and to read the answers."""
    deployment = live.deployment
    client = openai.OpenAI(base_url=f"{deployment.base_url}/v1", api_key=deployment.api_key, max_retries=0)

    def ask(body: dict[str, Any]) -> None:
        answer = client.chat.completions.create(**create_arguments(body))
        if isinstance(answer, openai.Stream):
            for _ in answer:
                pass

    began = time.monotonic()
    with ThreadPoolExecutor(DEFAULT_CONCURRENCY) as pool:
        list(pool.map(ask, bodies))
    return time.monotonic() - began


def bodies_of(live: Live, folder: Path) -> list[dict[str, Any]]:
    folder.mkdir()
    recordings = Recordings(live, folder)
    forcer = Forcer(recordings, Judge((), live.deployment.vllm_version), "default")
    found = [ask.body for ask in forcer.asks_for(WANTED)]
    forcer.close()
    recordings.close()
    return found


def best_of_each(one: Callable[[int], float], other: Callable[[int], float]) -> tuple[float, float]:
    """Both take turns, so that a slow minute of the machine meets both."""
    taken = [(one(number), other(number)) for number in range(ROUNDS)]
    return min(first for first, _ in taken), min(second for _, second in taken)


@pytest.mark.timeout(1800)
def test_overhead(live: Live, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = bodies_of(live, tmp_path / "bodies")
    bare_script(live, bodies)  # the server compiles each grammar once
    ours, bare = best_of_each(
        lambda number: suite(live, tmp_path / f"ours-{number}", DEFAULT_CONCURRENCY, WANTED, judge=True),
        lambda _: bare_script(live, bodies),
    )
    with capsys.disabled():
        print(
            f"\n{len(bodies)} requests: suite {ours:.1f} s, bare script {bare:.1f} s, ratio {ours / bare:.2f}"
        )
    assert ours / bare <= LARGEST_OVERHEAD


@pytest.mark.timeout(1800)
def test_concurrency(live: Live, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite(live, tmp_path / "warm", DEFAULT_CONCURRENCY, FEW, judge=False)
    many, one = best_of_each(
        lambda number: suite(live, tmp_path / f"many-{number}", DEFAULT_CONCURRENCY, FEW, judge=False),
        lambda number: suite(live, tmp_path / f"one-{number}", 1, FEW, judge=False),
    )
    with capsys.disabled():
        print(
            f"\n{DEFAULT_CONCURRENCY} at a time {many:.1f} s, one at a time {one:.1f} s, gain {one / many:.2f}"
        )
    assert one / many >= SMALLEST_GAIN
