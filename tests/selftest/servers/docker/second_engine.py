"""A second Docker engine that believes it has a GPU, beside the machine's own, which is left alone. Needs root.

Docker hands out GPUs if a program named `nvidia-container-runtime-hook` is in the engine's PATH when it starts, and
runs it at each start of a container. Here that program does nothing, or fails like the real one without a driver.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException

from tests.harness.servers.reaper.client import Reaper

HOOK = "nvidia-container-runtime-hook"
WORKING = "#!/bin/sh\nexit 0\n"
NO_DRIVER = "#!/bin/sh\necho 'nvidia-container-cli: initialization error: nvml error: driver not loaded' >&2\nexit 1\n"
BRIDGE = "xlamgate0"
SUBNET = "10.213.47.1/24"
DRIVERS = ("overlay2", "fuse-overlayfs", "btrfs", "zfs", "vfs")
START_S = 60.0


@dataclass(frozen=True)
class SecondEngine:
    """An engine of one's own."""

    address: str
    client: docker.DockerClient
    hook: Path

    def driver_works(self, works: bool) -> None:
        self.hook.write_text(WORKING if works else NO_DRIVER)


@contextlib.contextmanager
def second_engine(first: docker.DockerClient) -> Iterator[SecondEngine]:
    """Start it, wait until it answers, end it by its process, and take away its folder and bridge."""
    folder = Path(tempfile.mkdtemp(prefix="xlam-gate-engine-"))
    hook = folder / "bin" / HOOK
    hook.parent.mkdir()
    hook.write_text(WORKING)
    hook.chmod(0o755)
    log = folder / "engine.log"
    env = {**os.environ, "PATH": f"{hook.parent}:{os.environ['PATH']}:/usr/sbin:/sbin"}
    with own_bridge():
        reaper = Reaper(command=engine_command(folder, str(first.info()["Driver"])), env=env, log=log)
        try:
            address = f"unix://{folder}/engine.sock"
            yield SecondEngine(address, wait_for_engine(address, reaper, log), hook)
        finally:
            reaper.stop()
            unmount_below(folder)
            shutil.rmtree(folder)


def engine_command(folder: Path, driver: str) -> list[str]:
    settings = {
        "hosts": [f"unix://{folder}/engine.sock"],
        "data-root": f"{folder}/data",
        "exec-root": f"{folder}/exec",
        "pidfile": f"{folder}/engine.pid",
        "bridge": BRIDGE,
        "iptables": False,
        "ip6tables": False,
        "ip-forward": False,
        "ip-masq": False,
        **({"storage-driver": driver} if driver in DRIVERS else {}),
    }
    config = folder / "engine.json"
    config.write_text(json.dumps(settings))
    return ["dockerd", "--config-file", str(config)]


@contextlib.contextmanager
def own_bridge() -> Iterator[None]:
    subprocess.run(["ip", "link", "add", "name", BRIDGE, "type", "bridge"], check=True)
    try:
        subprocess.run(["ip", "addr", "add", SUBNET, "dev", BRIDGE], check=True)
        subprocess.run(["ip", "link", "set", BRIDGE, "up"], check=True)
        yield
    finally:
        subprocess.run(["ip", "link", "delete", BRIDGE], check=True)


def wait_for_engine(address: str, reaper: Reaper, log: Path) -> docker.DockerClient:
    deadline = time.monotonic() + START_S
    while True:
        try:
            client = docker.DockerClient(base_url=address)
            client.ping()
        except (DockerException, OSError):
            assert reaper.exit_code() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return client


def unmount_below(folder: Path) -> None:
    """What the engine left mounted, innermost first."""
    points = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for point in sorted((point for point in points if point.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "-l", point], check=True)
