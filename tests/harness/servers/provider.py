"""What every provider of servers offers, so that another way to get a server is one more file in `providers/`."""

import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from tests.harness.core.records.load import Footprint
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.run import Header
from tests.harness.core.records.target import Target
from tests.harness.servers.progress import Progress
from tests.harness.servers.reaper.client import Reaper
from tests.harness.servers.server_command import carried_files


@dataclass(frozen=True)
class LaunchRequest:
    """All that a provider needs to get a server up."""

    target: Target
    profile: Profile
    log: Path
    """Where the server's whole log goes; the file's folder exists."""
    cache: Path
    progress: Progress
    api_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    """Unique; names what this launch leaves while it runs (labels, folders)."""
    label: str = ""
    """Of the deployment, where the session has several of one target; empty: made from the target."""
    answer_timeout_s: float = 300.0
    """Seconds that an answer may take."""
    recorded: Header | None = None
    """Of the run that stands in for a server; None: there is a server."""
    port: int | None = None
    """On the loopback interface, where a server has to come up again at its old address; None: a free one."""

    @cached_property
    def carried_contents(self) -> tuple[str, ...]:
        """Return the hash of each file of the user's that the server is handed: as it is when this is first asked."""
        files = carried_files(self.target)
        return tuple(hashlib.sha256(file.source.read_bytes()).hexdigest() for file in files)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Yield a new folder for this launch's temporary files; at the end of the block the server's reaper has it.

        Until then a reaper of its own looks after it, from before it is there: whenever this program is killed, no
        folder stays.
        """
        folder = Path(tempfile.gettempdir()) / f"xlam-gate-{self.session}-{secrets.token_hex(4)}"
        guard = Reaper(folders=[folder])
        try:
            folder.mkdir(mode=0o700)
            yield folder
        except BaseException:
            guard.stop()
            raise
        guard.release()


class ServerHandle(Protocol):
    """A server that was started, or that was running already."""

    base_url: str
    """Scheme, host and port, without `/v1`."""
    command: str
    """What a person would type to start it, without secrets; empty for a borrowed server."""
    api_key: str | None
    origin: str
    """What exactly runs: image digest, name and lock hash of the environment, or URL."""
    stop_command: str
    """What a person types to stop it after `--keep`."""

    def exited(self) -> str | None:
        """Return how the server ended (`exit code 1`, `killed by signal 9`), or None while it runs."""

    def stop(self) -> None:
        """End the server and remove everything it left; one that is not ours is left alone. Twice is harmless."""

    def keep(self) -> None:
        """Leave the server running after this program ends."""


class Provider(Protocol):
    """One way to get a server: a module of `providers/`, found by itself."""

    NAME: str
    """Unique; what the run header calls the provider."""
    SCHEMES: tuple[str, ...]
    """The words before the colon of its targets."""
    BORROWS: bool
    """The server is somebody else's: never stopped, and spared what may harm it unless the user says `--allow`."""
    REPLAYS: bool
    """There is no server: answers come from the run folder that the target's value names."""
    DEFAULT_PROFILE: str | None
    """Where the target names none; None: the recording's."""

    def check(self, target: Target) -> None:
        """Raise UsageProblem for a target that can never be right. Starts nothing."""

    def launch(self, request: LaunchRequest) -> ServerHandle:
        """Start (or find) the server; it need not be ready. Raises InfrastructureError."""

    def place(self, target: Target) -> str:
        """Return where the server runs or what runs there, in a few characters: a label is made of it."""

    def may_be_patched(self, target: Target) -> bool:
        """Return whether what the target names need not be as its makers released it."""

    def is_scripted(self, target: Target) -> bool:
        """Return whether the scripted engine speaks there, so that a request can say what is to be said."""

    def footprint(self, base_url: str) -> Footprint | None:
        """Return what the server's processes take; None where they cannot be seen from here."""
