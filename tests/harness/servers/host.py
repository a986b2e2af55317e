"""What the machine is that a run was made on; no names, no addresses."""

import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil

_ANSWER_S = 10.0


def host_facts() -> dict[str, str]:
    """Return system, processor, cores, memory in GB, and GPUs where NVIDIA's tool answers."""
    facts = {
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": str(os.cpu_count() or "unknown"),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
    }
    return facts | ({"gpus": names} if (names := _gpus()) else {})


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )


def gpu_ids() -> list[str]:
    """Return the GPUs that this session may use: those that CUDA_VISIBLE_DEVICES names, else all there are."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return visible.split(",") if visible else _nvidia_smi("index")


def gpus_dealt(worker: int, workers: int, gpus: Sequence[str]) -> list[str]:
    """Return the GPUs of one of several workers, each counted from 0; they share where there are too few."""
    return list(gpus[worker::workers]) or [gpus[worker % len(gpus)]] if gpus else []


def _gpus() -> str:
    return "; ".join(_nvidia_smi("name,memory.total,driver_version"))


def _nvidia_smi(columns: str) -> list[str]:
    words = ["nvidia-smi", f"--query-gpu={columns}", "--format=csv,noheader"]
    try:
        answer = subprocess.run(words, capture_output=True, text=True, timeout=_ANSWER_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []  # no driver is the usual case, and says nothing about a run
    return answer.stdout.strip().split("\n") if answer.returncode == 0 and answer.stdout.strip() else []
