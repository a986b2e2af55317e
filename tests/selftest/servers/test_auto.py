"""`auto` picks by what Docker says of a GPU, and leaves every other target as it is."""

import pytest

from tests.harness.servers import auto
from tests.harness.servers.target_strings import parse_target


@pytest.mark.parametrize(
    ("refusal", "text", "profile", "reason"),
    [
        (None, "container:vllm/vllm-openai:", "xlam-llama-8b", "Docker can hand out a GPU"),
        (
            "no Docker engine answers",
            "wheel:0.",
            None,
            "no Docker engine answers; official wheel of vLLM under the scripted engine",
        ),
    ],
)
def test_what_auto_stands_for(
    refusal: str | None, text: str, profile: str | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto, "gpu_refusal", lambda: refusal)
    target, why = auto.resolve(parse_target("auto"))
    assert target.text.startswith(text)
    assert target.profile == profile
    assert why.startswith(reason)
    assert auto.resolve(parse_target("auto[profile=fixture-loose]"))[0].profile == "fixture-loose"


@pytest.mark.parametrize("refusal", [None, "no Docker engine answers"])
@pytest.mark.parametrize(
    "asked",
    [
        "auto",
        "auto[profile=xlam-qwen-3b,arg=--no-async-scheduling]",
        'auto[arg=--speculative-config={"a":[1],"b":2},env=A=1,arg=--x,env=B=x=y]',
    ],
)
def test_its_text_is_what_gets_the_same_target(
    asked: str, refusal: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs keep it, and whoever reads of a failure pastes it."""
    monkeypatch.setattr(auto, "gpu_refusal", lambda: refusal)
    target, _ = auto.resolve(parse_target(asked))
    assert parse_target(target.text) == target
    assert target.args == parse_target(asked).args


def test_without_a_gpu_it_is_the_plain_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto, "gpu_refusal", lambda: "no Docker engine answers")
    target, _ = auto.resolve(parse_target("auto"))
    assert target.text == f"wheel:{target.value}"


def test_another_target_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(auto, "gpu_refusal")
    target = parse_target("process:0.31.0")
    assert auto.resolve(target) == (target, "")
