"""One pytest session: what was asked, what is known, what became of it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from tests.harness.aims import Aim, Choice, aims_of, choices_of, read_baseline, require_known
from tests.harness.bad.load import load_bad_requests
from tests.harness.catalogue.load import load_cases
from tests.harness.catalogue.profiles import DEFAULT_PROFILE, load_profile
from tests.harness.deployment.bring_up import Live, bring_up
from tests.harness.deployment.cache import cache_folder
from tests.harness.deployment.contract import LaunchOrder
from tests.harness.deployment.progress import Progress
from tests.harness.every_check import every_vocabulary
from tests.harness.exchange.archive import Archive
from tests.harness.heading import met, met_again, planned
from tests.harness.ledger.load import load_known_issues
from tests.harness.options import Options
from tests.harness.records.bad_request import BadRequest
from tests.harness.records.case import DEPTHS, Case, Depth
from tests.harness.records.known_issue import KnownIssue
from tests.harness.records.outcome import RETOLD, Outcome
from tests.harness.records.profile import Profile
from tests.harness.records.run import RUN_FILE, Header, Run
from tests.harness.records.target import Target
from tests.harness.runfile.basis import basis_of, write_basis
from tests.harness.runfile.read import read_run
from tests.harness.runfile.write import begin_run

BORROWED_PROFILE = "borrowed"


@dataclass
class GateSession:
    """Everything that lives as long as the session; one a process."""

    options: Options
    root: Path
    write: Callable[[str], None]
    cases: tuple[Case, ...] = field(default_factory=load_cases)
    bad_requests: tuple[BadRequest, ...] = field(default_factory=load_bad_requests)
    issues: tuple[KnownIssue, ...] = ()
    began: float = field(default_factory=time.monotonic)
    stamp: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S"))
    worker: str = ""
    """Name of the xdist worker that this process is; empty: it is the controller."""
    choices: tuple[Choice, ...] = ()
    """As the controller made them; empty: they are made here."""

    def __post_init__(self) -> None:
        """Read all that is given now: what is damaged must stop the run before a server is started."""
        self.issues = load_known_issues(vocabulary=every_vocabulary())
        require_known(self.options.accept_known, self.issues)
        baseline, self.baseline_run = read_baseline(self.options.baseline)
        self.has_baseline_target = baseline is not None
        self.targets = (*([baseline] if baseline else []), *self.options.targets)
        replays = [target for target in self.targets if target.kind == "replay"]
        self.replayed = {target: read_run(Path(target.value)) for target in replays}
        self.archives = {target: Archive(Path(target.value)) for target in replays}
        for archive in self.archives.values():
            archive.read_index()
        for target in self.targets:
            if target.kind != "auto":
                self._profile(target)
        if replays and not self.options.depth_given:
            self.options = replace(self.options, depth=_deepest(self.replayed.values(), self.options.depth))

    @property
    def asked_cases(self) -> list[Case]:
        """The cases that are asked at this `--depth`."""
        deepest = DEPTHS.index(self.options.depth)
        return [case for case in self.cases if DEPTHS.index(case.depth) <= deepest]

    @cached_property
    def aims(self) -> tuple[Aim, ...]:
        """What each target stands for on this machine, the baseline first; `auto` asks Docker, once."""
        self.choices = self.choices or choices_of(self.targets)
        headers = {target: run.header for target, run in self.replayed.items()}
        return aims_of(self.choices, self.has_baseline_target, self._profile, headers)

    def run_folder(self, aim: Aim) -> Path:
        """Where this run's files about a deployment go."""
        folder = self.root / self.options.runs / f"{self.stamp}-{aim.label}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def concurrency(self, live: Live) -> int:
        """Requests at a time to a deployment."""
        asked, may_load = self.options.concurrency, "load" in self.options.allow
        return live.deployment.concurrency(asked, may_load=may_load)

    def open(self, aim: Aim) -> Live:
        """Bring the deployment of an aim up, and begin its run file. Raises InfrastructureError."""
        progress = Progress(self.write)
        why = f"   (auto: {aim.reason})" if aim.reason else ""
        progress.line("target", f"{aim.target.text}{why}   profile {aim.profile.id}")
        order = LaunchOrder(
            target=aim.target,
            profile=aim.profile,
            log=self.run_folder(aim) / "server.log",
            cache=cache_folder(),
            progress=progress,
            label=aim.label,
            patience_s=self.options.answer_timeout_s,
            recorded=aim.recorded,
        )
        live = bring_up(order, self.options.launch_timeout_s)
        try:
            if aim.recorded is None:
                self._begin(aim, self._header(aim, live))
            else:
                self.begin_without_server(aim)  # an outcome that is told again may have come before
        except BaseException:
            live.server.stop()
            raise
        return live

    def begin_without_server(self, aim: Aim) -> None:
        """Begin the run file of a deployment that never came up, or of a replay, where no server has to."""
        if (self.run_folder(aim) / RUN_FILE).exists():
            return
        header = self._planned(aim)
        if aim.recorded is not None:
            assumed = self.options.assume_version or aim.recorded.assumed_version
            header = met_again(header, aim.recorded, assumed)
        self._begin(aim, header)

    def retold(self, aim: Aim, item: str) -> Outcome | None:
        """The recorded outcome of an item that a replay cannot judge; None if there is none."""
        name = Outcome(item, aim.label, "", "", "passed").name
        found = next((known for known in self.replayed[aim.target].outcomes if known.name == name), None)
        if found is None:
            return None
        note = f"{RETOLD}: {found.note}" if found.note else RETOLD
        if found.note.startswith(RETOLD):
            note = found.note  # told again before, in the replay that is replayed
        return replace(found, item=item, deployment=aim.label, note=note)

    def ledger_version(self, live: Live) -> str:
        """The version that the ledger is asked about."""
        recorded = live.order.recorded.ledger_version if live.order.recorded else ""
        return self.options.assume_version or recorded or live.deployment.vllm_version

    def _begin(self, aim: Aim, header: Header) -> None:
        begin_run(self.run_folder(aim), header)
        write_basis(self.run_folder(aim), basis_of(self.asked_cases, self.issues, self.bad_requests))

    def _header(self, aim: Aim, live: Live) -> Header:
        return met(self._planned(aim), live, self.options.assume_version or "")

    def _planned(self, aim: Aim) -> Header:
        return planned(
            aim.target, aim.profile, aim.label, self.options.depth, (*self.cases, *self.bad_requests)
        )

    def _profile(self, target: Target) -> Profile:
        if target.kind == "replay":
            default = self.replayed[target].header.profile
        else:
            default = BORROWED_PROFILE if target.kind == "http" else DEFAULT_PROFILE
        return load_profile(target.profile or default)


def _deepest(runs: Iterable[Run], otherwise: Depth) -> Depth:
    """The depth of the recordings, so that a replay asks for what they hold."""
    recorded = {run.header.depth for run in runs}
    return max((depth for depth in DEPTHS if depth in recorded), key=DEPTHS.index, default=otherwise)
