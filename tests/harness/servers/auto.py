"""`auto`: a GPU that Docker can hand out, else the official wheel without one; one line says which and why."""

from dataclasses import replace

from tests.harness.core.records.target import Target
from tests.harness.servers.docker.gpu import gpu_refusal
from tests.harness.servers.environment import OFFICIAL
from tests.harness.servers.providers import container, wheel

NAME = "auto"
PINNED_IMAGE = "vllm/vllm-openai:v0.33.0"
GPU_PROFILE = "xlam-llama-8b"


def is_auto(target: Target) -> bool:
    """Return whether it has still to be found out what the target stands for."""
    return target.provider == NAME


def resolve(target: Target) -> tuple[Target, str]:
    """Return what the target stands for on this machine and, for `auto`, the reason. Asks Docker for `auto` alone."""
    if not is_auto(target):
        return target, ""
    refusal = gpu_refusal()
    if refusal is None:
        profile = target.profile or GPU_PROFILE
        picked = replace(target, provider=container.NAME, value=PINNED_IMAGE, profile=profile)
        reason = "Docker can hand out a GPU; pinned official image"
    else:
        profile = target.profile or wheel.DEFAULT_PROFILE
        picked = replace(target, provider=wheel.NAME, value=OFFICIAL.newest_locked(), profile=profile)
        reason = f"{refusal}; official wheel of vLLM under the scripted engine"
    return replace(picked, text=f"{picked.provider}:{picked.value}"), reason
