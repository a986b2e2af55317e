"""How much faster the suite's start is than a plain start of the same server; both in one run, taking turns."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.profile import Profile
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.launch import launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target

ROUNDS = 2
LARGEST_RATIO = 0.7
KNOBS = {"--distributed-executor-backend=uni", "--enforce-eager"}
"""What the profile sets for the start alone; the size of the KV cache stays, without it vLLM wants the whole memory."""
KNOB_VARIABLES = {"VLLM_WORKER_MULTIPROC_METHOD", "VLLM_ENABLE_V1_MULTIPROCESSING"}


def without_knobs(profile: Profile) -> Profile:
    """The same server, started as its makers start it."""
    args = tuple(word for word in profile.args if word not in KNOBS)
    env = {name: value for name, value in profile.env.items() if name not in KNOB_VARIABLES}
    assert len(args) < len(profile.args), "a knob has another name now"
    assert len(env) < len(profile.env), "a knob has another name now"
    return replace(profile, args=args, env=env)


def seconds_until_ready(profile: Profile, folder: Path, write: Callable[[str], None]) -> float:
    """From launch to the first healthy answer."""
    target = parse_target("process:0.32.0")
    order = LaunchRequest(target, profile, folder / "server.log", cache_folder(), Progress(write))
    live = launch(order, deadline_s=600)
    live.shut_down(keep=False)
    return live.ready_after_s


@pytest.mark.timeout(1800)
def test_start_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours, plain = load_profile("fixture"), without_knobs(load_profile("fixture"))
    seconds_until_ready(ours, tmp_path, print)  # fills the caches of the file system and of compiled Python
    taken: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(ROUNDS):
        taken["ours"].append(seconds_until_ready(ours, tmp_path, print))
        taken["plain"].append(seconds_until_ready(plain, tmp_path, print))
    ratio = min(taken["ours"]) / min(taken["plain"])
    with capsys.disabled():
        print(f"\nready after, in seconds: {taken}; ratio of the best {ratio:.2f}")
    assert ratio <= LARGEST_RATIO
