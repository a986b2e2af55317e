"""Target strings: what is right is taken apart, what is wrong is one clear line, and nothing is started."""

import sys

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.servers.external import KEY_VARIABLE
from tests.harness.servers.registry import known_providers
from tests.harness.servers.target_strings import parse_target


@pytest.mark.parametrize(
    ("text", "provider", "value"),
    [
        ("auto", "auto", ""),
        ("process:0.32.0", "process", "0.32.0"),
        (f"process:{sys.executable}", "process", sys.executable),
        ("wheel:0.33.0", "wheel", "0.33.0"),
        ("container:vllm/vllm-openai:v0.33.0", "container", "vllm/vllm-openai:v0.33.0"),
        ("http://gpu-box:8000", "http", "http://gpu-box:8000"),
        ("http://gpu-box:8000/v1/", "http", "http://gpu-box:8000"),
    ],
)
def test_providers(text: str, provider: str, value: str) -> None:
    target = parse_target(text)
    assert (target.provider, target.value) == (provider, value)


def test_options_may_hold_commas_and_brackets() -> None:
    target = parse_target('process:0.32.0[profile=fixture,arg=--speculative-config={"a":[1],"b":2},arg=--x]')
    assert target.profile == "fixture"
    assert target.args == ('--speculative-config={"a":[1],"b":2}', "--x")


def test_variables_of_a_launched_server_are_named() -> None:
    target = parse_target("wheel:0.33.0[env=A=1,env=B=x=y,profile=fixture]")
    assert target.variables == {"A": "1", "B": "x=y"}


def test_an_image_can_be_served_without_a_gpu() -> None:
    assert parse_target("container:vllm/vllm-openai:v0.33.0[gpu=none]").gpu == "none"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a target"),
        ("vllm", "not a target"),
        ("process:", "not a target"),
        (
            "podman:image",
            f"unknown kind 'podman'; known are {', '.join(sorted(known_providers()))}; e.g. wheel:0.",
        ),
        ("process:latest", "neither a vLLM version"),
        ("process:/no/such/python", "not a Python interpreter"),
        (
            "process:0.32.0[porfile=x]",
            "unknown option 'porfile=x'; known are profile=..., arg=..., env=..., gpu=..., model=...",
        ),
        ("process:0.32.0[arg=]", "unknown option"),
        ("process:0.32.0[arg=--tool-parser-plugin=@none.py]", "no file 'none.py'"),
        ("wheel:newest", "'newest' is no vLLM version (wheel:0.33.0)"),
        ("wheel:0.33.0[gpu=none]", "gpu=none is about container: targets"),
        ("container:image[gpu=all]", "known is gpu=none"),
        ("wheel:0.33.0[env=DEBUG]", "wanted is NAME=VALUE"),
        (
            "wheel:0.33.0[model=no/such/folder]",
            "there is no no/such/folder/config.json; wanted is a folder as",
        ),
        (
            "process:0.32.0[model=here]",
            "for wheel:VERSION and container:IMAGE[gpu=none]; elsewhere the profile",
        ),
        ("container:image[model=here]", "model=here is the folder of a model without weights"),
        ("auto[model=here]", "model=here is the folder of a model without weights"),
        ("http://gpu-box:8000[env=A=1]", "this one runs already"),
        ("replay:runs/none[env=A=1]", "server that the suite launches; a replay has only its recording"),
        ("wheel:0.33.0[env=HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz]", "secrets go by environment"),
        ("http://", "names no host"),
        ("http://127.0.0.1:99999", "not a URL (Port out of range"),
        ("http://host:port", "not a URL (Port could not be cast"),
        ("http://host:1[arg=--x]", "runs already"),
        ("process:0.32.0[parser=hermes]", "arg=--tool-call-parser=NAME starts the server with another"),
        (
            "container:image[parser=hermes]",
            "parser=hermes says what a server runs that the suite does not start",
        ),
        ("auto[parser=hermes]", "of this one the parser is known"),
        ("http://gpu-box:8000[parser=two words]", "the name of a vLLM tool-call parser is wanted"),
        ("http://gpu-box:8000[parser=]", "unknown option 'parser='"),
        (
            "replay:runs/none[parser=hermes]",
            "arg=, model= and parser= need a server; a replay has only its recording",
        ),
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
