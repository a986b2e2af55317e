"""A container's end, and its log on the way to the file: whole lines, no secrets. No Docker engine is needed."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness.servers.docker.container_log import lines_of, masked
from tests.harness.servers.providers.container import Container


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_are_whole_however_the_stream_is_cut(size: int) -> None:
    stream = b"one\n\nthe key is s3cr3t-value\r\nlast"
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert list(lines_of(pieces)) == [b"one\n", b"\n", b"the key is s3cr3t-value\r\n", b"last\n"]


def test_each_secret_is_masked_wherever_it_stands() -> None:
    assert masked(b"a=KEY b=TOKEN KEYKEY\n", ["KEY", "TOKEN"]) == b"a=*** b=*** ******\n"


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        ("running", {}, None),
        ("exited", {"ExitCode": 1, "OOMKilled": False}, "exit code 1"),
        ("exited", {"ExitCode": 137, "OOMKilled": False}, "killed by SIGKILL (9)"),
        ("exited", {"ExitCode": 137, "OOMKilled": True}, "killed by SIGKILL (9), out of memory (OOMKilled)"),
        ("dead", {"ExitCode": 0}, "exit code 0"),
    ],
)
def test_how_a_container_ended(status: str, state: dict[str, Any], said: str | None) -> None:
    ended = SimpleNamespace(reload=lambda: None, status=status, attrs={"State": state})
    server: Any = SimpleNamespace(_container=ended, _log=None)
    assert Container.exited(server) == said
