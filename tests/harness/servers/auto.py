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
        picked = replace(target, provider=wheel.NAME, value=OFFICIAL.newest_locked())
        reason = f"{refusal}; official wheel of vLLM under the scripted engine"
    return replace(picked, text=_text_of(picked)), reason


def _text_of(target: Target) -> str:
    """Return what a user types for a target: whoever copies it asks the same, and the same labels come of it."""
    options = [f"profile={target.profile}"] if target.profile else []
    options += [f"arg={word}" for word in target.args] + [f"env={variable}" for variable in target.env]
    brackets = f"[{','.join(options)}]" if options else ""
    return f"{target.provider}:{target.value}{brackets}"
