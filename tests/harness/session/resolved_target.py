"""What each target of a session stands for on this machine."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.run import Header, Run
from tests.harness.core.records.target import Target
from tests.harness.gate.accepted import read_accepted
from tests.harness.runfolder.read import read_run, require_complete
from tests.harness.servers.auto import choose
from tests.harness.servers.launch import label_of
from tests.harness.servers.target_strings import parse_target

_A_TARGET = re.compile(r"auto(\[|$)|(https?|process|container|replay):")


@dataclass(frozen=True)
class ResolvedTarget:
    """A target with `auto` resolved, its profile read, and the reason for the choice."""

    target: Target
    profile: Profile
    reason: str
    label: str
    """Short and unique within the session."""
    is_baseline: bool = False
    recorded: Header | None = None
    """Of the run that is replayed; None: a server is asked."""


@dataclass(frozen=True)
class Choice:
    """A target with `auto` resolved, and why so; the controller of a session makes it for all workers."""

    target: Target
    reason: str


def choices_of(targets: Sequence[Target]) -> tuple[Choice, ...]:
    """Resolve `auto`, which asks Docker."""
    return tuple(
        Choice(*choose(target)) if target.kind == "auto" else Choice(target, "") for target in targets
    )


def resolved_targets_of(
    choices: Sequence[Choice],
    has_baseline: bool,
    profile_of: Callable[[Target], Profile],
    recorded: Mapping[Target, Header],
) -> tuple[ResolvedTarget, ...]:
    """One aim a choice; the first is the baseline, if there is one."""
    resolved_targets: list[ResolvedTarget] = []
    for number, choice in enumerate(choices):
        is_baseline = has_baseline and number == 0
        profile = profile_of(choice.target)
        label = label_of(choice.target, profile) + ("-baseline" if is_baseline else "")
        label = _unique(label, [resolved.label for resolved in resolved_targets])
        header = recorded.get(choice.target)
        resolved_targets.append(
            ResolvedTarget(choice.target, profile, choice.reason, label, is_baseline, header)
        )
    return tuple(resolved_targets)


def read_baseline(text: str | None) -> tuple[Target | None, Run | None]:
    """What `--baseline` names: a target to be asked, or a run that was. Raises UsageProblem."""
    if text is None:
        return None, None
    if _A_TARGET.match(text):
        return parse_target(text), None
    path = Path(text)
    if path.suffix == ".toml":
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


def _unique(label: str, taken: Sequence[str]) -> str:
    if label not in taken:
        return label
    return next(
        f"{label}-{number}" for number in range(2, len(taken) + 3) if f"{label}-{number}" not in taken
    )
