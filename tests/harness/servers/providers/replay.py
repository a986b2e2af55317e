"""`replay:DIR`: no server at all, but what one answered in an earlier run, judged with today's checks and ledger."""

from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.run import RUN_FILE
from tests.harness.core.records.target import Target
from tests.harness.servers.provider import LaunchRequest, ServerHandle

KIND = "replay"


class Recorded:
    """Stands where a server would be: nothing of it runs."""

    managed = False
    stop_command = ""
    base_url = "http://HOST:PORT"
    """Stands in the commands that a reader may try on a server of his own."""

    def __init__(self, command: str, origin: str) -> None:
        """As the recorded run has them."""
        self.api_key: str | None = None
        self.command = command
        self.origin = origin

    def exited(self) -> None:
        """A recording cannot end."""

    def stop(self) -> None:
        """Nothing runs."""

    def keep(self) -> None:
        """It stays in any case."""


def check(target: Target) -> None:
    """A run folder, and nothing that only a server could be told."""
    if target.args or target.model:
        raise UsageProblem(
            f"--target {target.text!r}: arg= and model= need a server; a replay has only its recording"
        )
    folder = Path(target.value)
    if not (folder / RUN_FILE).is_file():
        what = "is no run folder" if folder.exists() else "does not exist"
        raise UsageProblem(
            f"--target {target.text!r}: {folder} {what}; the line `run` under a verdict names a run's folder"
        )


def launch(order: LaunchRequest) -> ServerHandle:
    """Nothing to start."""
    if order.recorded is None:
        raise ValueError("a replay needs the header of its run")
    return Recorded(order.recorded.command, order.recorded.origin)
