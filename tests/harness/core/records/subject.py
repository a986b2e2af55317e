"""What a check looks at."""

from dataclasses import dataclass, field
from typing import Any

from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.exchange import Exchange, SdkView
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.reply import Reply


@dataclass(frozen=True)
class ToolRun:
    """What became of one call when a user's program ran it."""

    index: int
    """Position of the call in the answer."""
    name: str
    result: str | None
    """What the tool returned; None if it could not be run."""
    error: str = ""


@dataclass(frozen=True)
class UsedId:
    """An id of an answer that something else in the run has too."""

    id: str
    call: int | None
    """Index of the call whose id it is; None: the answer's own."""
    where: str
    """Name of the exchange that has it too."""


@dataclass(frozen=True)
class CheckContext:
    """One answer with all that the rules need to judge it."""

    case: Case
    profile: Profile
    mode: Mode
    split: str
    round: int
    """1: the query; 2: the answer after the tools ran."""
    request: dict[str, Any]
    exchange: Exchange
    reply: Reply
    sdk: SdkView
    partner: Reply | None = None
    """For a stream: the same request answered whole, or None if it is not to be compared."""
    tags: frozenset[str] = field(default_factory=frozenset)
    tool_runs: tuple[ToolRun, ...] | None = None
    """The calls of this answer, run; None where they were not run."""
    used_elsewhere: tuple[UsedId, ...] = ()
