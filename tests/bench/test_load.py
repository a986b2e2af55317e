"""What putting a server under load costs the suite: memory at a thousand streams, time beside a bare client at 64."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import openai
import pytest

from tests.harness.core.records.load import Level
from tests.harness.recording.client import create_arguments
from tests.harness.suites.load.crosstalk import add
from tests.harness.suites.load.load_driver import LoadDriver
from tests.harness.suites.load.load_shape import EFFORTS
from tests.harness.suites.load.server_state import own_memory_mb
from tests.harness.suites.load.soak import soak_round
from tests.harness.suites.load.streams import side_by_side
from tests.harness.suites.load.texts import call_body, new_secret
from tests.selftest.suites.load.busy_server import recordings_at

ROOT = Path(__file__).parents[2]
MOST_MB = 400.0
LARGEST_OVERHEAD = 1.15
AT_ONCE, STREAMS, ROUNDS = 64, 256, 3
SOAK_ROUNDS, MOST_GROWTH_MB = 24, 5.0
_MEMORY = """
import json, resource, sys
from pathlib import Path
from tests.bench.test_load import thousand
failed = thousand(sys.argv[1], Path(sys.argv[2]))
print(json.dumps({"failed": failed, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


@contextmanager
def busy_server() -> Iterator[str]:
    """In a process of its own, so that it takes none of the suite's time and memory."""
    words = [sys.executable, "-m", "tests.selftest.suites.load.busy_server"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def loader_at(url: str, folder: Path, number: int, at_once: int) -> int:
    """Streams of the suite, as `test_nonces` sends them; how many failed."""
    with recordings_at(url, folder, answer_timeout_s=300) as answer_store:
        loader = LoadDriver(answer_store, "0.32.0", EFFORTS["default"], "bench")
        level = Level(at_once)
        for stream in side_by_side(loader.call, number, at_once):
            add(level, stream)
        loader.close()
    return level.failed


def thousand(url: str, folder: Path) -> int:
    return loader_at(url, folder, 1000, 1000)


def bare_client(url: str, number: int, at_once: int) -> None:
    """The same requests by the official client, read to their end."""
    client = openai.OpenAI(base_url=f"{url}/v1", api_key="EMPTY", max_retries=0)

    def ask(_: int) -> None:
        answer = client.chat.completions.create(
            **create_arguments(call_body("bench", new_secret(), "m", "0.32.0"))
        )
        for _chunk in answer:
            pass

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(ask, range(number)))


def seconds(what: Callable[[], object]) -> float:
    began = time.monotonic()
    what()
    return time.monotonic() - began


@pytest.mark.timeout(600)
def test_memory_at_a_thousand_streams(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with busy_server() as url:
        told = subprocess.check_output(
            [sys.executable, "-c", _MEMORY, url, str(tmp_path)], cwd=ROOT, text=True
        )
    found = json.loads(told)
    with capsys.disabled():
        print(
            f"\n1000 streams at once: {found['failed']} failed, the suite takes {found['memory_mb']:.0f} MB"
        )
    assert found["failed"] == 0
    assert found["memory_mb"] <= MOST_MB


@pytest.mark.timeout(600)
def test_overhead_beside_a_bare_client(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with busy_server() as url:
        taken = [
            (
                seconds(lambda: loader_at(url, tmp_path, STREAMS, AT_ONCE)),
                seconds(lambda: bare_client(url, STREAMS, AT_ONCE)),
            )
            for _ in range(ROUNDS)
        ]
    ours, bare = (min(times) for times in zip(*taken, strict=True))
    with capsys.disabled():
        print(
            f"\n{STREAMS} streams, {AT_ONCE} at once: suite {ours:.2f} s, bare client {bare:.2f} s, {ours / bare:.2f}"
        )
    assert ours / bare <= LARGEST_OVERHEAD


@pytest.mark.timeout(600)
def test_memory_of_a_soak_is_flat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with busy_server() as url, recordings_at(url, tmp_path, answer_timeout_s=300) as answer_store:
        loader = LoadDriver(answer_store, "0.32.0", EFFORTS["default"], "bench")
        level = Level(AT_ONCE)
        taken = [(soak_round(loader, level), own_memory_mb())[1] for _ in range(SOAK_ROUNDS)]
        loader.close()
    settled_mb, last_mb = taken[SOAK_ROUNDS // 3], taken[-1]
    with capsys.disabled():
        print(
            f"\n{level.number} streams: {taken[0]:.0f} MB, after a third {settled_mb:.0f}, in the end {last_mb:.0f}"
        )
    assert last_mb - settled_mb <= MOST_GROWTH_MB
