"""Target strings: what is right is taken apart, what is wrong is one clear line, and nothing is started."""

import sys
from pathlib import Path

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.profile import Profile
from tests.harness.servers.providers.http import KEY_VARIABLE
from tests.harness.servers.server_command import carried_files, server_flags, shown
from tests.harness.servers.target_strings import parse_target

PROFILE = Profile(id="p", model="org/model", parser="xlam", why="a test", args=("--dtype=bfloat16",))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("auto", "auto", ""),
        ("process:0.32.0", "process", "0.32.0"),
        (f"process:{sys.executable}", "process", sys.executable),
        ("container:vllm/vllm-openai:v0.33.0", "container", "vllm/vllm-openai:v0.33.0"),
        ("http://gpu-box:8000", "http", "http://gpu-box:8000"),
        ("http://gpu-box:8000/v1/", "http", "http://gpu-box:8000"),
    ],
)
def test_kinds(text: str, kind: str, value: str) -> None:
    target = parse_target(text)
    assert (target.kind, target.value) == (kind, value)


def test_options_may_hold_commas_and_brackets() -> None:
    target = parse_target('process:0.32.0[profile=fixture,arg=--speculative-config={"a":[1],"b":2},arg=--x]')
    assert target.profile == "fixture"
    assert target.args == ('--speculative-config={"a":[1],"b":2}', "--x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a target"),
        ("vllm", "not a target"),
        ("process:", "not a target"),
        ("podman:image", "unknown kind 'podman'; known are container, http, process"),
        ("process:latest", "neither a vLLM version"),
        ("process:/no/such/python", "not a Python interpreter"),
        (
            "process:0.32.0[porfile=x]",
            "unknown option 'porfile=x'; known are profile=..., arg=..., model=...",
        ),
        ("process:0.32.0[arg=]", "unknown option"),
        ("process:0.32.0[arg=--tool-parser-plugin=@none.py]", "no file 'none.py'"),
        ("http://", "names no host"),
        ("http://127.0.0.1:99999", "not a URL (Port out of range"),
        ("http://host:port", "not a URL (Port could not be cast"),
        ("http://host:1[arg=--x]", "runs already"),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        parse_target(text)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    "key", ["sk-secret-0123456789\nx", "sk-secret-0123456789-schlüssel", " sk-secret-0123456789"]
)
def test_a_key_that_no_header_carries_is_told_without_showing_it(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(UsageProblem, match="that no HTTP header can carry") as told:
        parse_target("http://127.0.0.1:8000")
    assert "secret" not in str(told.value)


def test_carried_files_are_named_where_the_server_finds_them(tmp_path: Path) -> None:
    plugin = tmp_path / "patched.py"
    plugin.write_text("")
    target = parse_target(f"process:0.32.0[arg=--tool-parser-plugin=@{plugin},arg=--tool-call-parser=mine]")
    assert [file.name for file in carried_files(target)] == ["patched.py"]
    flags = server_flags(PROFILE, target, "/where/it/runs", None)
    assert "--tool-parser-plugin=/where/it/runs/patched.py" in flags
    assert flags[-1] == "--tool-call-parser=mine"


def test_an_address_with_an_at_sign_is_no_file() -> None:
    assert carried_files(parse_target("process:0.32.0[arg=--allowed-origins=me@example.org]")) == ()


def test_the_shown_command_can_be_pasted() -> None:
    assert shown(["python", "-m", "x y"], {"A": "1 2"}) == "A='1 2' python -m 'x y'"
