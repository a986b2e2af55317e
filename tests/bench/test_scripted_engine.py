"""The scripted engine: how soon an official build is ready with it, and what it takes of a step itself."""

import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from tests.harness.cases.profiles import load_profile
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.environment import OFFICIAL, environment_python
from tests.harness.servers.launch import launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target
from tests.scripted_engine.scripted_engine.choice import Vocabulary
from tests.scripted_engine.scripted_engine.talk import EngineFacts, Talk

MOST_OF_IMPORTS = 1.25
"""Start-up is imports: the API server's, and a second one in a row stands for the engine core's."""
MOST_STEP_MS = 0.3
"""A request and step, at 16 requests, with a vocabulary as large as Qwen's."""
REQUESTS, STEPS, TOKENS = 16, 200, 151_936
_IMPORT = "import vllm.entrypoints.openai.api_server"


def request_for(folder: Path) -> LaunchRequest:
    target = parse_target(f"wheel:{OFFICIAL.newest_locked()}")
    log = folder / "server.log"
    return LaunchRequest(target, load_profile("fixture"), log, cache_folder(), Progress(lambda _: None))


def test_ready_takes_little_more_than_two_imports(tmp_path: Path) -> None:
    request = request_for(tmp_path)
    python = environment_python(OFFICIAL, request.target.value, request)
    began = time.monotonic()
    for _ in range(2):
        subprocess.run([python, "-c", _IMPORT], check=True, capture_output=True)
    imports_s = time.monotonic() - began
    server = launch(request, 300)
    server.shut_down(keep=False)
    ratio = server.ready_after_s / imports_s
    print(f"ready after {server.ready_after_s:.1f} s, two imports {imports_s:.1f} s, ratio {ratio:.2f}")
    assert ratio <= MOST_OF_IMPORTS


def test_a_step_takes_little_of_its_own() -> None:
    vocabulary = Vocabulary([f"token {number}" for number in range(TOKENS)], {0})
    facts = EngineFacts(vocabulary, 0, withholds=True)
    params = SimpleNamespace(
        max_tokens=10_000, min_tokens=0, temperature=0.0, top_k=0, seed=None, logit_bias={7: 100},
        allowed_token_ids=None, bad_words_token_ids=None, all_stop_token_ids={0},
    )  # fmt: skip
    free = np.full((TOKENS + 31) // 32, -1, np.int32)
    for name, row in (("by script", None), ("under a grammar that allows everything", free)):
        talks = [Talk(facts, params, [[5]] * STEPS, 10_000, scripted=row is None) for _ in range(REQUESTS)]
        began = time.perf_counter()
        for _ in range(STEPS):
            for talk in talks:
                talk.step(row)
        step_ms = (time.perf_counter() - began) * 1000 / STEPS / REQUESTS
        print(f"{name}: {step_ms:.3f} ms a request and step")
        assert step_ms <= MOST_STEP_MS
