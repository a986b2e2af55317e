"""What every kind of target gives: one contract, so that a new kind is one new file in `kinds/`."""

import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.harness.core.records.profile import Profile
from tests.harness.core.records.run import Header
from tests.harness.core.records.target import Target
from tests.harness.servers.progress import Progress


@dataclass(frozen=True)
class LaunchRequest:
    """All that a kind needs to get a server up."""

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

    def scratch(self) -> Path:
        """Make the folder for this launch's temporary files; the guard removes it."""
        return Path(tempfile.mkdtemp(prefix=f"xlam-gate-{self.session}-"))


class ServerHandle(Protocol):
    """A server that was started, or that was running already."""

    base_url: str
    """Scheme, host and port, without `/v1`."""
    command: str
    """What a person would type to start it, without secrets; empty for a borrowed server."""
    managed: bool
    """False: never stopped by the suite."""
    api_key: str | None
    origin: str
    """What exactly runs: image digest, name and lock hash of the environment, or URL."""
    stop_command: str
    """What a person types to stop it after `--keep`."""

    def exited(self) -> str | None:
        """How the server ended (`exit code 1`, `killed by signal 9`), or None while it runs."""

    def stop(self) -> None:
        """End it and remove everything it left. Twice is harmless."""

    def keep(self) -> None:
        """Leave it running after this program ends."""


class Kind(Protocol):
    """A module of `deployment/kinds/`."""

    KIND: str
    """The word before the colon of a target."""

    def check(self, target: Target) -> None:
        """Raise UsageProblem for a value that can never be right. Starts nothing."""

    def launch(self, order: LaunchRequest) -> ServerHandle:
        """Start (or find) the server; it need not be ready. Raises InfrastructureError."""
