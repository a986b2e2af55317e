"""The suite's side of the guard: start it, ask it, let it go."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_GUARD = Path(__file__).with_name("program.py")
_SIGNAL_TO_SHELL = 128


class Reaper:
    """A guard program and what it looks after: a command, containers with a label, folders."""

    def __init__(  # noqa: PLR0913 - the guard's own options, all with defaults
        self,
        *,
        command: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        folders: Sequence[Path] = (),
        container_label: str | None = None,
        mask: Sequence[str] = (),
        before: "Reaper | None" = None,
    ) -> None:
        """Start it. `log` takes the command's output, less the values of the variables named in `mask`.

        `before` names a guard that cleans up only after this one has, even if this program is killed.
        """
        words = [sys.executable, "-I", str(_GUARD)]
        words += [word for folder in folders for word in ("--folder", str(folder))]
        words += ["--container-label", container_label] if container_label else []
        words += [word for name in mask for word in ("--mask", name)]
        words += ["--", *command] if command else []
        with (log or Path(os.devnull)).open("ab") as output:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env=dict(env) if env is not None else None,
                # Holding the other guard's input open keeps it waiting.
                pass_fds=[before.input] if before else [],
                start_new_session=True,  # Ctrl-C goes to pytest alone, which then ends the server in order
            )
        self._said = ""
        if self._process.stdout is not None:
            os.set_blocking(self._process.stdout.fileno(), False)

    @property
    def pid(self) -> int:
        """The guard's own process; SIGTERM to it ends everything it looks after."""
        return self._process.pid

    @property
    def input(self) -> int:
        """File descriptor whose end starts the cleaning."""
        if self._process.stdin is None:
            raise ValueError("the guard has no input")
        return self._process.stdin.fileno()

    def exit_code(self) -> int | None:
        """How the command ended (negative: a signal), or None while it runs. The guard's own death counts as one."""
        self._listen()
        for line in self._said.splitlines():
            if line.startswith("exited "):
                return int(line.split()[1])
        ended = self._process.poll()
        return None if ended is None else (ended or -signal.SIGKILL)

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait for the guard to have cleaned up. Raises subprocess.TimeoutExpired."""
        self._process.wait(timeout_s)

    def keep(self) -> None:
        """Let it live on after this program: only SIGTERM to the guard ends it."""
        self._tell("keep")

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """While a container is being created: its creation may outlive this program. An exception leaves that open."""
        self._tell("busy")
        yield
        self._tell("settled")

    def release(self) -> None:
        """Let everything it looks after be, and end."""
        self._tell("release")
        self.stop()

    def stop(self) -> None:
        """End everything it looks after, and wait until that is done. Twice is harmless."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _tell(self, word: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{word}\n".encode())
            self._process.stdin.flush()

    def _listen(self) -> None:
        if self._process.stdout is None or self._process.stdout.closed:
            return
        while piece := self._process.stdout.read(4096):
            self._said += piece.decode("ascii", "replace")


def exit_sentence(code: int) -> str:
    """`exit code 3`, or `killed by SIGKILL (9)`; shells' 128+N counts as a signal."""
    number = -code if code < 0 else code - _SIGNAL_TO_SHELL
    if number in {item.value for item in signal.Signals}:
        return f"killed by {signal.Signals(number).name} ({number})"
    return f"exit code {code}"
