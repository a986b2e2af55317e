"""Nothing is left behind: a small program that outlives pytest by moments and cleans up after it.

It is run by path, alone: `python -I program.py [OPTIONS] [-- COMMAND...]`. As soon as its standard input ends it ends
COMMAND and everything that COMMAND started (children of children too: Linux hands orphans to a "child subreaper", which
this program makes itself), then removes what the options name:

    --folder PATH                a folder of temporary files
    --container-label KEY=VALUE  every container and image with the label
    --mask NAME                  the value of this environment variable, wherever COMMAND writes it

The kernel closes that input whatever happens to pytest, SIGKILL included. Words on it, one a line:

    keep     stay until SIGTERM
    busy     a request to create a container is under way: if no word follows, it may still be carried out
    settled  that request was answered
    release  look after nothing any more, just end

What COMMAND writes goes to this program's standard error, line by line, with the masked values replaced by `***`: a
server's log is kept and shown, its secrets are not. On standard output it says `started PID`, and `exited CODE`
(negative: a signal) if COMMAND ends by itself.
"""

import argparse
import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 5.0
"""Seconds that COMMAND gets to end by SIGTERM before SIGKILL."""
ORPHANS_GRACE_S = 0.5
"""Seconds that processes which COMMAND left get once it is gone."""
IN_FLIGHT_S = 5.0
"""Seconds for which no labelled container may appear any more where a request to create one was under way."""
REMOVAL_S = 60.0
"""Seconds after which a container that the engine does not remove is given up."""
FOLDER_S = 2.0
"""Seconds after which a folder that cannot be removed is given up."""
POLL_S = 0.05


def main() -> int:
    """Run until standard input ends, COMMAND ends or SIGTERM comes; then clean up."""
    arguments = _arguments()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stop.append(number))
    child = _start(arguments.command, libc) if arguments.command else None
    pump = threading.Thread(target=_copy_masked, args=(child, arguments.mask)) if child else None
    if pump:
        pump.start()
    received = _wait(child, stop)
    if "release" in received:
        return 0
    if child and pump:
        _end_descendants(child)
        pump.join()
    if arguments.container_label:
        _remove_containers(arguments.container_label, in_flight=received[-1:] == ["busy"])
    for folder in arguments.folder:
        _remove(folder)
    return 0


def _remove(folder: Path) -> None:
    """Remove a folder, again if what still ends has put something into it meanwhile."""
    deadline = time.monotonic() + FOLDER_S
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(POLL_S)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", action="append", default=[], type=Path)
    parser.add_argument("--container-label")
    parser.add_argument("--mask", action="append", default=[])
    parser.add_argument("command", nargs="*")
    return parser.parse_args()


def _start(command: list[str], libc: ctypes.CDLL) -> subprocess.Popen[bytes]:
    reaper = os.getpid()

    def die_with_reaper() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != reaper:  # it died before that was asked for
            os._exit(1)

    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_reaper,  # noqa: PLW1509 - no thread runs yet
    )
    _report(f"started {child.pid}")
    return child


def _copy_masked(child: "subprocess.Popen[bytes]", names: list[str]) -> None:
    secrets = [os.environ[name].encode() for name in names if os.environ.get(name)]
    for line in child.stdout or ():
        for secret in secrets:
            line = line.replace(secret, b"***")  # noqa: PLW2901
        with contextlib.suppress(OSError):  # a full disk must not stop the server's output from being read
            os.write(2, line)


def _report(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(1, f"{line}\n".encode())


def _wait(child: "subprocess.Popen[bytes] | None", stop: list[int]) -> list[str]:
    """Wait for a reason to end; return the words received on standard input."""
    watched, received = [0], b""
    while not stop:
        readable = select.select(watched, [], [], POLL_S)[0]
        if child and child.poll() is not None:
            _report(f"exited {child.returncode}")
            break
        if readable:
            words = os.read(0, 4096)
            if not words:
                break
            received += words
            if b"keep" in words:
                watched = []
    return received.decode().split()


def _descendants() -> list[int]:
    """Return all processes below this one, by the parents that /proc names."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    pids, ring = [], {os.getpid()}
    while ring:
        ring = {pid for pid, parent in parents.items() if parent in ring}
        pids += sorted(ring)
    return pids


def _end_descendants(child: "subprocess.Popen[bytes]") -> None:
    """Send SIGTERM; what COMMAND has not ended itself when it is gone, or when its time is up, gets SIGKILL."""
    _signal(_descendants(), signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(POLL_S)
    deadline = time.monotonic() + ORPHANS_GRACE_S
    while _reap() and time.monotonic() < deadline:
        time.sleep(POLL_S)
    while _reap():
        _signal(_descendants(), signal.SIGKILL)
        time.sleep(POLL_S)


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _reap() -> bool:
    """Collect ended children; return whether some are left."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _remove_containers(label: str, in_flight: bool) -> None:
    """Remove what has the label, and for some seconds what appears late if a request for it was under way."""
    import docker  # noqa: PLC0415 - a reaper of a process never needs it

    client = docker.from_env()
    start = quiet_since = time.monotonic()
    while time.monotonic() - start < REMOVAL_S:
        containers = client.containers.list(all=True, filters={"label": label}, ignore_removed=True)
        for container in containers:
            quiet_since = time.monotonic()
            with contextlib.suppress(docker.errors.APIError):
                container.remove(force=True, v=True)
        if not containers and time.monotonic() - quiet_since >= (IN_FLIGHT_S if in_flight else 0):
            break
        time.sleep(POLL_S)
    for image in client.images.list(filters={"label": label}):
        with contextlib.suppress(docker.errors.APIError):
            client.images.remove(image.id or "", force=True)


if __name__ == "__main__":
    sys.exit(main())
