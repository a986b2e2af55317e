"""A server that was left is found again by who asks for the same, and by nobody else."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.reused import key_file
from tests.harness.servers.target_strings import parse_target

PLAIN = "container:vllm/vllm-openai:v0.33.0"


def asking(text: str, folder: Path) -> LaunchRequest:
    target = parse_target(text)
    profile = load_profile(target.profile or "fixture")
    return LaunchRequest(target, profile, folder / "server.log", folder, Progress(print))


@pytest.mark.parametrize(
    "text",
    [
        f"{PLAIN}[env=VLLM_USE_RUST_FRONTEND=1]",
        f"{PLAIN}[gpu=none]",
        f"{PLAIN}[gpu=none,env=A=1]",
        f"{PLAIN}[arg=--no-async-scheduling]",
        f"{PLAIN}[profile=hermes]",
        "container:vllm/vllm-openai:v0.32.0",
    ],
)
def test_another_server_is_not_taken_for_it(text: str, tmp_path: Path) -> None:
    assert key_file(asking(text, tmp_path)) != key_file(asking(PLAIN, tmp_path))


def test_a_model_s_folder_counts(tmp_path: Path) -> None:
    request = asking(f"{PLAIN}[gpu=none]", tmp_path)
    other = replace(request, target=replace(request.target, model="elsewhere"))
    assert key_file(request) != key_file(other)


def test_how_it_is_written_does_not_matter(tmp_path: Path) -> None:
    assert key_file(asking(f"{PLAIN}[profile=fixture]", tmp_path)) == key_file(asking(PLAIN, tmp_path))


def test_a_file_that_was_changed_needs_another_server(tmp_path: Path) -> None:
    """Also while the first one runs: that one has the file as it was."""
    plugin = tmp_path / "patched.py"
    plugin.write_text("first = 1\n")
    text = f"{PLAIN}[arg=--tool-parser-plugin=@{plugin}]"
    launched = asking(text, tmp_path)
    note = key_file(launched)
    plugin.write_text("second = 2\n")
    assert key_file(launched) == note
    assert key_file(asking(text, tmp_path)) != note
    plugin.write_text("first = 1\n")
    assert key_file(asking(text, tmp_path)) == note
