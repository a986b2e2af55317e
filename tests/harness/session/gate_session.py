"""One pytest session: what was asked, what is known, what became of it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.cases.dialects.registry import dialect_named, known_parsers
from tests.harness.cases.in_dialect import CasesInDialect, all_in_dialect
from tests.harness.cases.load import own_cases
from tests.harness.cases.profiles import has_profile, load_profile, with_model_folder, with_parser
from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.basis import Basis
from tests.harness.core.records.case import DEPTHS, Case, Depth
from tests.harness.core.records.cut import Cut
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.outcome import RETOLD, Outcome
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.run import RUN_FILE, Header, Run
from tests.harness.core.records.target import Target
from tests.harness.gate.pairing import cuts_by_case
from tests.harness.gate.wording import first_line
from tests.harness.judging.ledger.versions import release_of
from tests.harness.options import Options
from tests.harness.runfolder.archive import Archive
from tests.harness.runfolder.basis import basis_of, write_basis
from tests.harness.runfolder.read import read_run
from tests.harness.runfolder.write import begin_run
from tests.harness.servers import auto
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.environment import OFFICIAL
from tests.harness.servers.launch import Server, launch
from tests.harness.servers.preflight import UNKNOWN
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.registry import is_managed, provider_of
from tests.harness.session.ledger import read_ledger
from tests.harness.session.resolved_target import (
    ResolvedTarget,
    read_baseline,
    require_known,
    resolved_targets_of,
)
from tests.harness.session.run_header import header_before_launch, header_of_replay, header_of_server


@dataclass
class GateSession:
    """Everything that lives as long as the session; one a process."""

    options: Options
    root: Path
    write: Callable[[str], None]
    cases: tuple[Case, ...] = field(default_factory=own_cases)
    """As they are written: a dialect says them its own way."""
    bad_requests: tuple[BadRequest, ...] = field(default_factory=load_bad_requests)
    issues: tuple[KnownIssue, ...] = ()
    start: float = field(default_factory=time.monotonic)
    stamp: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S"))
    worker: str = ""
    """Name of the xdist worker that this process is; empty: it is the controller."""
    picked: tuple[tuple[Target, str], ...] = ()
    """What the targets stand for, and why, as the controller found out; empty: it is found out here."""

    def __post_init__(self) -> None:
        """Read all that is given now: what is damaged must stop the run before a server is started."""
        self._failures: set[tuple[str, str]] = set()
        self._said: dict[str, CasesInDialect] = {}
        self._bases: dict[str, Basis] = {}
        """By dialect, as the one before."""
        self.issues = read_ledger()
        require_known(self.options.accept_known, self.issues)
        baseline, self.baseline_run = read_baseline(self.options.baseline)
        self.has_baseline_target = baseline is not None
        self.targets = (*([baseline] if baseline else []), *self.options.targets)
        replays = [
            target for target in self.targets if not auto.is_auto(target) and provider_of(target).REPLAYS
        ]
        self.replayed = {target: read_run(Path(target.value)) for target in replays}
        self.archives = {target: Archive(Path(target.value)) for target in replays}
        for archive in self.archives.values():
            archive.read_index()
        for target in self.targets:
            if not auto.is_auto(target):
                self._profile(target)
        if self.options.parser_given:
            self._require_use_of_parser()
        if replays and not self.options.depth_given:
            self.options = replace(self.options, depth=_deepest(self.replayed.values(), self.options.depth))

    def cases_in(self, dialect: str) -> CasesInDialect:
        """Return all cases as a dialect says them."""
        if dialect not in self._said:
            self._said[dialect] = all_in_dialect(self.cases, dialect_named(dialect))
        return self._said[dialect]

    def asked_cases(self, dialect: str) -> list[Case]:
        """Return the cases of a dialect that are asked at this `--depth`."""
        deepest = DEPTHS.index(self.options.depth)
        return [case for case in self.cases_in(dialect).cases if DEPTHS.index(case.depth) <= deepest]

    @cached_property
    def resolved_targets(self) -> tuple[ResolvedTarget, ...]:
        """Return what each target stands for on this machine, the baseline first; `auto` asks Docker, once."""
        picked = self.picked or tuple(map(auto.resolve, self.targets))
        headers = {target: run.header for target, run in self.replayed.items()}
        return resolved_targets_of(picked, self.has_baseline_target, self._profile, headers)

    def basis(self, dialect: str) -> Basis:
        """Return what the answers of a deployment that speaks a dialect are judged by in this session."""
        if dialect not in self._bases:
            self._bases[dialect] = basis_of(self.asked_cases(dialect), self.issues, self.bad_requests)
        return self._bases[dialect]

    def run_folder(self, resolved: ResolvedTarget) -> Path:
        """Make and return the folder where this run's files about a deployment go."""
        folder = self.root / self.options.runs / f"{self.stamp}-{resolved.label}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def concurrency(self, server: Server) -> int:
        """Return how many requests at a time a deployment gets."""
        asked, may_load = self.options.concurrency, "load" in self.options.allow
        return server.deployment.concurrency(asked, may_load=may_load)

    def open(self, resolved: ResolvedTarget) -> Server:
        """Launch the server of a target, and begin its run file. Raises InfrastructureError."""
        progress = Progress(self.write)
        progress.line("target", _description(resolved))
        request = LaunchRequest(
            target=resolved.target,
            profile=resolved.profile,
            log=self.run_folder(resolved) / "server.log",
            cache=cache_folder(),
            progress=progress,
            label=resolved.label,
            answer_timeout_s=self.options.answer_timeout_s,
            recorded=resolved.recorded,
        )
        server = launch(request, self.options.launch_timeout_s)
        try:
            self._tell_if_no_ledger(server)
            if resolved.recorded is None:
                self._begin(resolved, self._header(resolved, server))
            else:
                self.begin_without_server(resolved)  # an outcome that is told again may have come before
        except BaseException:
            server.handle.stop()
            raise
        return server

    def begin_without_server(self, resolved: ResolvedTarget) -> None:
        """Begin the run file of a deployment that never came up, or of a replay, where no server has to."""
        if (self.run_folder(resolved) / RUN_FILE).exists():
            return
        header = self._planned(resolved)
        if resolved.recorded is not None:
            assumed = self.options.assume_version or resolved.recorded.assumed_version
            header = header_of_replay(header, resolved.recorded, assumed)
        self._begin(resolved, header)

    def baseline_cuts(self, label: str) -> dict[str, set[Cut]]:
        """Return, for a candidate (by its label), the cuts in which the forced texts came in its baseline, by case.

        Nothing where there is none, or where it has not been asked yet (beside it, by another worker).
        """
        before = next((target for target in self.resolved_targets if target.is_baseline), None)
        run = self.baseline_run
        if run is None and before and before.label != label:
            folder = self.run_folder(before)
            run = read_run(folder) if (folder / RUN_FILE).exists() else None
        return cuts_by_case(run.outcomes) if run else {}

    def retold(self, resolved: ResolvedTarget, item: str) -> Outcome | None:
        """Return the recorded outcome of an item that a replay cannot judge; None if there is none."""
        name = Outcome(item, resolved.label, "", "", "passed").name
        outcome = next(
            (known for known in self.replayed[resolved.target].outcomes if known.name == name), None
        )
        if outcome is None:
            return None
        note = f"{RETOLD}: {outcome.note}" if outcome.note else RETOLD
        if outcome.note.startswith(RETOLD):
            note = outcome.note  # told again before, in the replay that is replayed
        return replace(outcome, item=item, deployment=resolved.label, note=note)

    def is_known_failure(self, target: ResolvedTarget, text: str) -> bool:
        """Return whether the infrastructure has failed so for this target before: what fails for all is shown once."""
        key = target.label, first_line(text)
        known = key in self._failures
        self._failures.add(key)
        return known

    def ledger_version(self, server: Server) -> str:
        """Return the version that the ledger is asked about."""
        recorded = server.request.recorded.ledger_version if server.request.recorded else ""
        return self.options.assume_version or recorded or server.deployment.vllm_version

    def _tell_if_no_ledger(self, server: Server) -> None:
        """Say, before anything is asked, that no entry can be about a build, unless a baseline says what is known."""
        version = self.ledger_version(server)
        if release_of(version) is None and not self.has_baseline_target and self.baseline_run is None:
            server.request.progress.line("ledger", _no_ledger(version))

    def _begin(self, resolved: ResolvedTarget, header: Header) -> None:
        begin_run(self.run_folder(resolved), header)
        write_basis(self.run_folder(resolved), self.basis(resolved.profile.dialect))

    def _header(self, resolved: ResolvedTarget, server: Server) -> Header:
        return header_of_server(self._planned(resolved), server, self.options.assume_version or "")

    def _planned(self, resolved: ResolvedTarget) -> Header:
        said = self.cases_in(resolved.profile.dialect)
        options = self.options
        return header_before_launch(resolved, options.depth, said, self.bad_requests, options.allow)

    def _profile(self, target: Target) -> Profile:
        recorded = self.replayed[target].header if target in self.replayed else None
        profile = self._profile_as_written(target)
        if target.model and is_managed(target):
            profile = with_model_folder(profile, Path(target.model))
        return with_parser(profile, recorded.parser if recorded else self._parser(target, profile))

    def _profile_as_written(self, target: Target) -> Profile:
        recorded = self.replayed[target].header.profile if target in self.replayed else ""
        return load_profile(target.profile or provider_of(target).DEFAULT_PROFILE or recorded)

    def _require_use_of_parser(self) -> None:
        """Raise UsageProblem for a `--parser` that would be ignored: each target's parser is known without it."""
        asked = [
            target for target in self.targets if not auto.is_auto(target) and target not in self.replayed
        ]
        if any(not (target.parser or self._profile_as_written(target).parser) for target in asked):
            return
        parser = self.options.parser or ""
        profile = parser if has_profile(parser) else "NAME"
        raise UsageProblem(
            f"--parser {parser}: it says what borrowed servers run, and no target here needs it:"
            f" {', '.join(target.text for target in self.targets)}; for another parser write [profile={profile}]"
        )

    def _parser(self, target: Target, profile: Profile) -> str:
        """Return the parser that a target's server runs. Raises UsageProblem where nobody says it."""
        parser = target.parser or profile.parser or self.options.parser
        if not parser:
            raise UsageProblem(
                f"--target {target.text}: which tool-call parser does this server run? It does not say so itself: add"
                f" --parser NAME, or [parser=NAME] to the target; dialects are known of"
                f" {', '.join(sorted(known_parsers()))}"
            )
        return parser


def _description(resolved: ResolvedTarget) -> str:
    """Return what is about to be asked, in a line; a parser that the suite does not choose is named."""
    words = resolved.target.text + (f"   (auto: {resolved.reason})" if resolved.reason else "")
    words += f"   profile {resolved.profile.id}"
    if provider_of(resolved.target).BORROWS:
        words += f"   parser {resolved.profile.parser}"
    return words


def _no_ledger(version: str) -> str:
    """Return what a build without a ledger will look like, and what to do about it."""
    build = "an unknown version" if version == UNKNOWN else f"{version}, a development build"
    newest = OFFICIAL.newest_locked()
    return (
        f"none for {build}: every known defect will count as unexplained; add --assume-version {newest},"
        f" or --baseline wheel:{newest}"
    )


def _deepest(runs: Iterable[Run], otherwise: Depth) -> Depth:
    """Return the depth of the recordings, so that a replay asks for what they hold."""
    recorded = {run.header.depth for run in runs}
    return max((depth for depth in DEPTHS if depth in recorded), key=DEPTHS.index, default=otherwise)
