"""`auto`: a GPU that Docker can hand out, else the CPU build; one line says which and why."""

from dataclasses import replace

from tests.harness.core.records.target import Target
from tests.harness.servers.docker.gpu import gpu_refusal

KIND = "auto"
PINNED_IMAGE = "vllm/vllm-openai:v0.33.0"
PINNED_VERSION = "0.32.0"
GPU_PROFILE = "xlam-llama-8b"
CPU_PROFILE = "fixture"


def choose(target: Target) -> tuple[Target, str]:
    """The target that `auto` stands for on this machine, and the reason."""
    refusal = gpu_refusal()
    if refusal is None:
        picked = replace(target, kind="container", value=PINNED_IMAGE, profile=target.profile or GPU_PROFILE)
        reason = "Docker can hand out a GPU; pinned official image"
    else:
        picked = replace(target, kind="process", value=PINNED_VERSION, profile=target.profile or CPU_PROFILE)
        reason = f"{refusal}; pinned community CPU build of vLLM"
    return replace(picked, text=f"{picked.kind}:{picked.value}"), reason
