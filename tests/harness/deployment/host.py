"""What the machine is that a run was made on; no names, no addresses."""

import os
import platform
import subprocess
from pathlib import Path

import psutil

_ANSWER_S = 10.0


def host_facts() -> dict[str, str]:
    """System, processor, cores, memory in GB, and GPUs where NVIDIA's tool answers."""
    facts = {
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": str(os.cpu_count() or "unknown"),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
    }
    return facts | ({"gpus": found} if (found := _gpus()) else {})


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )


def _gpus() -> str:
    words = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        said = subprocess.run(words, capture_output=True, text=True, timeout=_ANSWER_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""  # no driver is the usual case, and says nothing about a run
    return "; ".join(said.stdout.split("\n")).strip("; ") if said.returncode == 0 else ""
