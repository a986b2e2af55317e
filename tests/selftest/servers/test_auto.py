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
            "fixture",
            "no Docker engine answers; official wheel of vLLM under the scripted engine",
        ),
    ],
)
def test_what_auto_stands_for(
    refusal: str | None, text: str, profile: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto, "gpu_refusal", lambda: refusal)
    target, why = auto.resolve(parse_target("auto"))
    assert target.text.startswith(text)
    assert target.text == f"{target.provider}:{target.value}"
    assert target.profile == profile
    assert why.startswith(reason)
    assert auto.resolve(parse_target("auto[profile=fixture-loose]"))[0].profile == "fixture-loose"


def test_another_target_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(auto, "gpu_refusal")
    target = parse_target("process:0.31.0")
    assert auto.resolve(target) == (target, "")
