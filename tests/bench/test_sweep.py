"""What a sweep costs beside a bare script that sends the same with the same client; and what concurrency gives."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.judging.judge import Judge
from tests.harness.options import DEFAULT_CONCURRENCY
from tests.harness.recording.client import create_arguments
from tests.harness.servers.launch import Server
from tests.harness.session.ledger import read_ledger
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.forced import ForcedSuite

ROUNDS = 3
CASES = [case for case in load_cases() if case.topic == "forced-core"][::2]
WANTED = [(case, mode) for case in CASES for mode in MODES]
FEW = WANTED[::4]
"""One at a time takes its time."""
LARGEST_OVERHEAD = 1.15
SMALLEST_GAIN = 1.8


def suite(
    server: Server, folder: Path, concurrency: int, wanted: list[tuple[Case, Mode]], *, judge: bool
) -> float:
    """Seconds that the suite takes to record, and to judge if asked to."""
    folder.mkdir()
    began = time.monotonic()
    answer_store = AnswerStore(server, folder)
    version = server.deployment.vllm_version
    forced_suite = ForcedSuite(answer_store, Judge(read_ledger(), version), "default")
    forced_suite.record_side_by_side(wanted, concurrency, server.request.progress)
    if judge:
        assert any(entry.findings for case, mode in wanted for entry in forced_suite.confirmed(case, mode))
    forced_suite.close()
    answer_store.close()
    return time.monotonic() - began


def bare_script(server: Server, bodies: list[dict[str, Any]]) -> float:
    """Seconds that a script takes to send the same with the official client, and to read the answers."""
    deployment = server.deployment
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


def bodies_of(server: Server, folder: Path) -> list[dict[str, Any]]:
    folder.mkdir()
    answer_store = AnswerStore(server, folder)
    forced_suite = ForcedSuite(answer_store, Judge((), server.deployment.vllm_version), "default")
    found = [ask.body for ask in forced_suite.asks_for(WANTED)]
    forced_suite.close()
    answer_store.close()
    return found


def best_of_each(one: Callable[[int], float], other: Callable[[int], float]) -> tuple[float, float]:
    """Both take turns, so that a slow minute of the machine meets both."""
    taken = [(one(number), other(number)) for number in range(ROUNDS)]
    return min(first for first, _ in taken), min(second for _, second in taken)


@pytest.mark.timeout(1800)
def test_overhead(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = bodies_of(server, tmp_path / "bodies")
    bare_script(server, bodies)  # the server compiles each grammar once
    ours, bare = best_of_each(
        lambda number: suite(server, tmp_path / f"ours-{number}", DEFAULT_CONCURRENCY, WANTED, judge=True),
        lambda _: bare_script(server, bodies),
    )
    with capsys.disabled():
        print(
            f"\n{len(bodies)} requests: suite {ours:.1f} s, bare script {bare:.1f} s, ratio {ours / bare:.2f}"
        )
    assert ours / bare <= LARGEST_OVERHEAD


@pytest.mark.timeout(1800)
def test_concurrency(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite(server, tmp_path / "warm", DEFAULT_CONCURRENCY, FEW, judge=False)
    many, one = best_of_each(
        lambda number: suite(server, tmp_path / f"many-{number}", DEFAULT_CONCURRENCY, FEW, judge=False),
        lambda number: suite(server, tmp_path / f"one-{number}", 1, FEW, judge=False),
    )
    with capsys.disabled():
        print(
            f"\n{DEFAULT_CONCURRENCY} at a time {many:.1f} s, one at a time {one:.1f} s, gain {one / many:.2f}"
        )
    assert one / many >= SMALLEST_GAIN
