"""One pytest session: what was asked, what is known, what became of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from tests.harness.catalogue.load import load_cases
from tests.harness.catalogue.profiles import DEFAULT_PROFILE, load_profile
from tests.harness.checks.registry import vocabulary
from tests.harness.deployment.auto import choose
from tests.harness.deployment.bring_up import Live, bring_up, label_of
from tests.harness.deployment.cache import cache_folder
from tests.harness.deployment.contract import LaunchOrder
from tests.harness.deployment.progress import Progress
from tests.harness.ledger.load import load_known_issues
from tests.harness.options import Options
from tests.harness.records.case import DEPTHS, Case
from tests.harness.records.known_issue import KnownIssue
from tests.harness.records.outcome import Outcome
from tests.harness.records.profile import Profile
from tests.harness.records.target import Target

BORROWED_PROFILE = "borrowed"


@dataclass(frozen=True)
class Aim:
    """A target with `auto` resolved, its profile read, and the reason for the choice."""

    target: Target
    profile: Profile
    reason: str

    @property
    def label(self) -> str:
        """Short and unique within the session."""
        return label_of(self.target, self.profile)


@dataclass
class GateSession:
    """Everything that lives as long as the session; one a process."""

    options: Options
    root: Path
    write: Callable[[str], None]
    cases: tuple[Case, ...] = field(default_factory=load_cases)
    issues: tuple[KnownIssue, ...] = ()
    outcomes: list[Outcome] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    stamp: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S"))

    def __post_init__(self) -> None:
        """Read the ledger now: a damaged one must stop the run before a server is started."""
        self.issues = load_known_issues(vocabulary=vocabulary())
        self.profiles = {
            target: self._profile(target) for target in self.options.targets if target.kind != "auto"
        }

    @property
    def asked_cases(self) -> list[Case]:
        """The cases that are asked at this `--depth`."""
        deepest = DEPTHS.index(self.options.depth)
        return [case for case in self.cases if DEPTHS.index(case.depth) <= deepest]

    @cached_property
    def aims(self) -> tuple[Aim, ...]:
        """What each `--target` stands for on this machine; `auto` asks Docker, once."""
        return tuple(self._aim(target) for target in self.options.targets)

    def run_folder(self, aim: Aim) -> Path:
        """Where this run's files about a deployment go."""
        folder = self.root / "runs" / f"{self.stamp}-{aim.label}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def open(self, aim: Aim) -> Live:
        """Bring the deployment of an aim up. Raises InfrastructureError."""
        progress = Progress(self.write)
        why = f"   (auto: {aim.reason})" if aim.reason else ""
        progress.line("target", f"{aim.target.text}{why}   profile {aim.profile.id}")
        order = LaunchOrder(
            target=aim.target,
            profile=aim.profile,
            log=self.run_folder(aim) / "server.log",
            cache=cache_folder(),
            progress=progress,
        )
        return bring_up(order, self.options.launch_timeout_s)

    def _aim(self, target: Target) -> Aim:
        if target.kind == "auto":
            target, reason = choose(target)
            return Aim(target, self._profile(target), reason)
        return Aim(target, self.profiles[target], "")

    def _profile(self, target: Target) -> Profile:
        default = BORROWED_PROFILE if target.kind == "http" else DEFAULT_PROFILE
        return load_profile(target.profile or default)
