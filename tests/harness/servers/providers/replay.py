"""`replay:DIR`: no server at all, but what one answered in an earlier run, judged with today's checks and ledger."""

from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.run import RUN_FILE
from tests.harness.core.records.target import Target
from tests.harness.servers.provider import LaunchRequest, ServerHandle

NAME = "replay"
SCHEMES = (NAME,)
BORROWS = False
REPLAYS = True
DEFAULT_PROFILE = None


class RecordedServer:
    """Stands where a server would be: nothing of it runs."""

    stop_command = ""
    base_url = "http://HOST:PORT"
    """Stands in the commands that a reader may try on a server of his own."""

    def __init__(self, command: str, origin: str) -> None:
        """Take command and origin from the recorded run."""
        self.api_key: str | None = None
        self.command = command
        self.origin = origin

    def exited(self) -> None:
        """Return None: a recording cannot end."""

    def stop(self) -> None:
        """Do nothing: nothing runs."""

    def keep(self) -> None:
        """Do nothing: a recording stays in any case."""


def check(target: Target) -> None:
    """Require a run folder, and nothing that only a server could be given."""
    if target.args or target.model or target.parser:
        raise UsageProblem(
            f"--target {target.text!r}: arg=, model= and parser= need a server; a replay has only its recording"
        )
    folder = Path(target.value)
    if not (folder / RUN_FILE).is_file():
        what = "is no run folder" if folder.exists() else "does not exist"
        raise UsageProblem(
            f"--target {target.text!r}: {folder} {what}; the line `run` under a verdict names a run's folder"
        )


def launch(request: LaunchRequest) -> ServerHandle:
    """Return what stands for the recorded server; there is nothing to start."""
    if request.recorded is None:
        raise ValueError("a replay needs the header of its run")
    return RecordedServer(request.recorded.command, request.recorded.origin)


def place(target: Target) -> str:
    """Return the name of the run's folder."""
    return Path(target.value).name


def may_be_patched(target: Target) -> bool:
    """Return False: whether the server was patched stands in the recorded header."""
    return False


def is_scripted(target: Target) -> bool:
    """Return False: there is no server."""
    return False


def footprint(base_url: str) -> None:
    """Return None: nothing runs."""
