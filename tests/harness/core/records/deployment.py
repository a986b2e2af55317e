"""A running server."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.harness.core.records.profile import Profile
from tests.harness.core.records.target import Target


@dataclass(frozen=True)
class Deployment:
    """The running server that a target resolved to."""

    label: str
    """Short and unique within a session; used in test ids and folder names."""
    target: Target
    profile: Profile
    base_url: str
    """Scheme, host and port, without `/v1`."""
    model: str
    """The name that the server lists under `/v1/models`."""
    vllm_version: str
    managed: bool
    """Launched by the suite, or left by an earlier run of it; False: borrowed, never stopped."""
    scripted: bool = False
    """The scripted engine speaks there: a request says what is to be said, and where it is cut."""
    found: str = ""
    """What a borrowed server was found to do; empty where its profile says it."""
    api_key: str | None = field(default=None, repr=False)
    log: Path | None = None
    command: str = ""
    """How it was started, secrets masked; empty for a borrowed server."""

    def concurrency(self, asked: int, *, may_load: bool = False) -> int:
        """Return how many requests at a time are sent: as many as asked for and allowed, one to a borrowed server.

        `may_load`: the user lets a borrowed server be loaded like one of ours.
        """
        return min(asked, self.profile.concurrency or asked) if self.managed or may_load else 1
