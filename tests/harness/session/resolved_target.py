"""What each target of a session stands for on this machine, and what its baseline is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.run import Header, Run
from tests.harness.core.records.target import Target
from tests.harness.gate.accepted import read_accepted
from tests.harness.runfolder.read import read_run, require_complete
from tests.harness.servers.launch import label_of
from tests.harness.servers.target_strings import is_target, parse_target


@dataclass(frozen=True)
class ResolvedTarget:
    """What is known of a target before its server is launched: `auto` is resolved, the profile is read."""

    target: Target
    profile: Profile
    reason: str
    """Why `auto` stands for it; empty for any other target."""
    label: str
    """Short and unique within the session."""
    is_baseline: bool = False
    recorded: Header | None = None
    """Of the run that is replayed; None: a server is asked."""

    def to_json(self) -> dict[str, Any]:
        """Return what a worker cannot find out itself: what `auto` stands for, and why."""
        return {"target": asdict(self.target), "reason": self.reason}


def picked_from_json(entry: dict[str, Any]) -> tuple[Target, str]:
    """Return the target and the reason that `to_json` wrote."""
    target = entry["target"]
    lists = {name: tuple(target[name]) for name in ("args", "env")}
    return Target(**{**target, **lists}), entry["reason"]


def resolved_targets_of(
    picked: Sequence[tuple[Target, str]],
    has_baseline: bool,
    profile_of: Callable[[Target], Profile],
    recorded: Mapping[Target, Header],
) -> tuple[ResolvedTarget, ...]:
    """Return the resolved target of each target and reason; the first is the baseline, if there is one."""
    targets: list[ResolvedTarget] = []
    for number, (target, reason) in enumerate(picked):
        is_baseline = has_baseline and number == 0
        profile = profile_of(target)
        label = label_of(target, profile) + ("-baseline" if is_baseline else "")
        label = _unique(label, [resolved.label for resolved in targets])
        targets.append(ResolvedTarget(target, profile, reason, label, is_baseline, recorded.get(target)))
    return tuple(targets)


def read_baseline(text: str | None) -> tuple[Target | None, Run | None]:
    """Return what `--baseline` names: a target to be asked, or a run that was. Raises UsageProblem."""
    if text is None:
        return None, None
    if is_target(text):
        return parse_target(text), None
    path = Path(text)
    if path.suffix == ".toml":
        if not path.exists():
            raise UsageProblem(
                f"--baseline {text!r}: no such file; --accept writes such files, to tests/baselines/"
            )
        return None, read_accepted(path)
    if not path.exists():
        raise UsageProblem(
            f"--baseline {text!r}: no such file or folder, and no target; wanted is the folder of a run"
            " (runs/...), a file of tests/baselines, or a target such as process:0.31.0"
        )
    run = read_run(path)
    require_complete(run, "a baseline")
    return None, run


def require_known(names: Sequence[str], issues: Sequence[KnownIssue]) -> None:
    """Raise UsageProblem for an `--accept-known` that no entry of the ledger has as its id."""
    known = {issue.id for issue in issues}
    for name in names:
        if name not in known:
            raise UsageProblem(
                f"--accept-known {name!r}: the ledger (tests/known_issues) has no entry of this id"
            )


def _unique(label: str, used: Sequence[str]) -> str:
    if label not in used:
        return label
    return next(f"{label}-{number}" for number in range(2, len(used) + 3) if f"{label}-{number}" not in used)
