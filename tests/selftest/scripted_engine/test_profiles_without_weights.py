"""The profiles of real models on an official build: their config, vocabulary and template, and no weights."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.harness.cases.load import CASES
from tests.harness.cases.profiles import load_profile
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.environment import OFFICIAL, environment_python
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target
from tests.selftest.jobs import Job, job
from tests.selftest.scripted_engine.hub import WEIGHTS, hub_of
from tests.selftest.scripted_engine.model_folders import make_model_folder

TARGET = f"wheel:{OFFICIAL.newest_locked()}"
CORE = [case["id"] for case in tomllib.loads((CASES / "forced-core.toml").read_text("utf-8"))["case"]]
CHOSEN = f"test_scenarios or (test_forced and ({' or '.join(CORE)}))"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of the newest wheel's environment: it has what converts a vocabulary."""
    log = tmp_path_factory.mktemp("environment") / "server.log"
    target, progress = parse_target(TARGET), Progress(lambda _: None)
    request = LaunchRequest(target, load_profile("fixture"), log, cache_folder(), progress)
    return environment_python(OFFICIAL, target.value, request)


def require_go(ended: Job, items: int) -> None:
    assert ended.status == 0, ended.said
    run = ended.run()
    assert run.header.scripted
    assert len(run.outcomes) > items
    assert all(outcome.result in {"passed", "known"} for outcome in run.outcomes)


@pytest.mark.parametrize("profile", ["xlam-llama-8b", "xlam-qwen-3b"])
def test_a_profile_serves_from_a_model_s_folder(profile: str, python: Path, tmp_path: Path) -> None:
    folder = tmp_path / profile
    make_model_folder(profile, folder, python)
    # Whoever opens it stumbles over it.
    (folder / "model.safetensors").write_bytes(b"no weights, and no header of any")
    ended = job(tmp_path / "runs", "--target", f"{TARGET}[profile={profile},model={folder}]", "-k", CHOSEN)
    require_go(ended, 2 * len(CORE))
    assert ended.run().header.model == load_profile(profile).model


def test_a_profile_serves_from_its_repository_and_never_asks_for_weights(
    python: Path, tmp_path: Path
) -> None:
    """Without the engine's `--load-format` vLLM reads the heads of both files: this model ties its embeddings."""
    profile, folder = "xlam-qwen-1b", tmp_path / "model"
    make_model_folder(profile, folder, python)
    index = {"metadata": {}, "weight_map": {name: name for name in WEIGHTS}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with hub_of(load_profile(profile).model, folder) as hub:
        options = f"profile={profile},env=HF_ENDPOINT={hub.url},env=HF_HOME={tmp_path / 'cache'}"
        ended = job(tmp_path / "runs", "--target", f"{TARGET}[{options}]", "-k", "test_scenarios")
    require_go(ended, 0)
    assert {"config.json", "tokenizer.json", "tokenizer_config.json"} <= set(hub.asked)
    assert not set(WEIGHTS) & set(hub.asked)
