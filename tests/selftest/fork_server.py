"""Sessions of the suite without the seconds that each Python takes to start and to import.

One process imports what a session imports, by collecting the live tests, and then forks for each session that it is
asked for. What a session does from there on is what `python -m pytest` does: `test_fork_server.py` compares the two.
"""

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_BYTES = 1 << 20
"""Of a message: an environment and a command line."""
NOBODY = ("--target", "http://127.0.0.1:9", "--parser", "xlam")
"""Words for a session that asks no server."""
STARTS_S = 120
"""Seconds that the server gets to import everything: far beyond what a slow machine needs."""
LATE = (
    *("anthropic.resources.messages", "langchain_core.tracers.context", "langchain_openai.chat_models"),
    *("openai.resources.chat.chat", "openai.resources.responses"),
)
"""Modules of clients, each of which takes a second or two."""
READ_AT_START = ("CI", "LANG", "LC_", "LD_", "MALLOC_", "OPENSSL_", "PYTHON", "SSL_", "TMPDIR", "TZ")
"""Beginnings of names: what Python, its loader and libraries (LangSmith's too) look at once, when they begin."""


class ForkServer:
    """The side that asks."""

    def __init__(self) -> None:
        self.environment = dict(os.environ)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the server
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        theirs.close()
        self._control.settimeout(STARTS_S)
        self._hear()
        self._control.settimeout(None)

    @property
    def pid(self) -> int:
        return self._process.pid

    def can_take(self, env: Mapping[str, str]) -> bool:
        """Whether a session in this environment needs no Python that was started in it."""
        ours = self.environment
        changed = {name for name in ours.keys() | env.keys() if ours.get(name, "") != env.get(name, "")}
        return not any(name.startswith(READ_AT_START) for name in changed)

    def run(
        self, words: Sequence[str], env: Mapping[str, str], timeout_s: float
    ) -> subprocess.CompletedProcess[str]:
        """Do what `subprocess.run` does with `python -m pytest` and these words, in the suite's root."""
        readers, writers = zip(os.pipe(), os.pipe(), strict=True)
        try:
            pid = self._ask({"words": list(words), "env": dict(env)}, writers)
            out, err = _read_all(readers, time.monotonic() + timeout_s)
        except TimeoutError:
            with contextlib.suppress(
                ProcessLookupError
            ):  # it has ended where only what it left holds its output
                os.kill(pid, signal.SIGKILL)
            self._hear()
            raise subprocess.TimeoutExpired(list(words), timeout_s) from None
        finally:
            for reader in readers:
                os.close(reader)
        return subprocess.CompletedProcess(list(words), self._hear(), out, err)

    def close(self) -> None:
        """End it; the kernel does the same when this process ends, however that comes."""
        self._control.close()
        self._process.wait()
        self._log.close()

    def _ask(self, session: dict[str, list[str] | dict[str, str]], writers: Sequence[int]) -> int:
        """The process of the session, which alone holds the writers then."""
        try:
            with contextlib.suppress(BrokenPipeError):  # what became of the server is heard below
                socket.send_fds(self._control, [json.dumps(session).encode()], writers)
        finally:
            for writer in writers:
                os.close(writer)
        return self._hear()

    def _hear(self) -> int:
        """The number that the server says next."""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            if said := self._control.recv(MOST_BYTES):
                return int(said)
        self._process.kill()
        self._process.wait()
        self._log.seek(0)
        raise RuntimeError(f"the fork server of the self-tests ended, and said:\n{self._log.read()}")


@cache
def fork_server() -> ForkServer:
    """The one of this test session, started when it is first needed."""
    server = ForkServer()
    atexit.register(server.close)
    return server


def _read_all(readers: Sequence[int], deadline: float) -> tuple[str, ...]:
    """All that comes before each of them ends. Raises TimeoutError."""
    texts = {reader: bytearray() for reader in readers}
    open_ones = set(readers)
    while open_ones:
        ready, _, _ = select.select(open_ones, [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        for reader in ready:
            piece = os.read(reader, 65536)
            texts[reader] += piece
            if not piece:
                open_ones.remove(reader)
    return tuple(text.decode() for text in texts.values())


def serve(control: socket.socket) -> None:
    """Fork for each message until nobody can send one any more; returns in each child, which is a session then."""
    control.send(b"0")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MOST_BYTES, 2)
        if not message:
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            control.close()
            become(json.loads(message), descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(str(pid).encode())
        control.send(str(_status_of(pid, control)).encode())


def _status_of(pid: int, control: socket.socket) -> int:
    """How a session ended; if nobody waits for it any more, it is ended with the server."""
    ended = os.pidfd_open(pid)
    ready, _, _ = select.select([ended, control], [], [])
    if ended not in ready:
        os.kill(pid, signal.SIGKILL)
        os._exit(0)
    os.close(ended)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def become(session: dict[str, list[str] | dict[str, str]], descriptors: Sequence[int]) -> None:
    """Take over what a new process would have been given."""
    for at, descriptor in enumerate(descriptors, start=1):
        os.dup2(descriptor, at)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(session["env"])
    sys.argv[1:] = session["words"]
    sys.orig_argv[1:] = ["-m", "pytest", *session["words"]]


class _LateImports:
    """A plugin that imports what the suite's tests import when they run, while pytest's own import hook is there."""

    def pytest_collection_finish(self) -> None:
        for name in LATE:
            import_module(name)


def import_everything() -> None:
    """Collect the live tests for a server that is not asked anything."""
    for name in [name for name in os.environ if name.startswith("XLAM_GATE_")]:
        del os.environ[name]
    words = ["--collect-only", "-q", "-p", "no:cacheprovider", *NOBODY]
    status = pytest.main(words, [_LateImports()])
    if status != pytest.ExitCode.OK:
        sys.exit(f"the live tests cannot be collected: pytest's status is {status}")
    threads = os.listdir("/proc/self/task")  # noqa: PTH208
    if len(threads) > 1:
        sys.exit(f"importing started {len(threads) - 1} threads, which no child would have")
    sys.stdout.flush()
    gc.collect()
    gc.freeze()  # what is there already is never looked through again, so that children share its memory


if __name__ == "__main__":
    import_everything()
    serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)
