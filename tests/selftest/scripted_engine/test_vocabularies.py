"""Texts cut as real models cut them: the suite on an official build with the vocabularies of Llama 3 and Qwen."""

from pathlib import Path

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.environment import OFFICIAL, environment_python
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target
from tests.selftest.jobs import job
from tests.selftest.scripted_engine.vocabularies import VOCABULARIES, make_tokenizer

TARGET = f"wheel:{OFFICIAL.newest_locked()}"
CHOSEN = "test_scenarios or (test_forced and (one-call or two-calls))"


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_real_vocabulary_is_served_without_weights(name: str, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    request = LaunchRequest(
        parse_target(TARGET), load_profile("fixture"), log, cache_folder(), Progress(lambda _: None)
    )
    python = environment_python(OFFICIAL, request.target.value, request)
    options = make_tokenizer(name, tmp_path / name, python)
    ended = job(tmp_path / "runs", "--target", f"{TARGET}[{options}]", "-k", CHOSEN)
    assert ended.status == 0, ended.said
    run = ended.run()
    assert run.header.scripted
    assert len(run.outcomes) > 50
