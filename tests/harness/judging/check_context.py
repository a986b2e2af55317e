"""What a check looks at: one answer with all that is needed to judge it."""

import json
from dataclasses import dataclass, field
from typing import Any, Self

from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.cut import Cut, NamedTokens
from tests.harness.core.records.exchange import Exchange, SdkView
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.reply import Reply
from tests.harness.core.records.tool_run import ToolRun
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.sdk_view import sdk_view


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
    """One answer with all that the checks need to judge it."""

    case: Case
    profile: Profile
    mode: Mode
    split: str
    turn: int
    """1: the query; 2: the answer after the tools ran."""
    request: dict[str, Any]
    exchange: Exchange
    reply: Reply
    sdk: SdkView
    partner: Reply | None = None
    """For a stream: the same request answered whole, or None if it is not to be compared."""
    tags: frozenset[str] = field(default_factory=frozenset)
    tokens: NamedTokens | None = None
    """Those that the answer names, read as the forced text; None: it names none, or nothing was forced."""
    cut_tags: frozenset[str] | None = None
    """What is true of its cut; None: the cut is not known."""
    same_cut: Exchange | None = None
    """The first answer to the same text that was cut alike, maybe this one; None where the cut is not known."""
    address: str = ""
    """The address that answered, where it is not the chat address: `reply` and `request` say in the words of that what
    came and what was asked."""
    tool_runs: tuple[ToolRun, ...] | None = None
    """The calls of this answer, run; None where they were not run."""
    used_elsewhere: tuple[UsedId, ...] = ()

    @property
    def cut(self) -> Cut | None:
        """Return where its deltas ended in the text; None if that is not known."""
        return self.tokens.cut if self.tokens else None

    @property
    def is_broken_off(self) -> bool:
        """Return whether an error stands in place of the rest of an answer, and of whatever that would have shown."""
        return self.reply.error is not None or self.exchange.error is not None

    @classmethod
    def of(
        cls,
        case: Case,
        exchange: Exchange,
        profile: Profile,
        *,
        turn: int = 1,
        partner: Reply | None = None,
        tags: frozenset[str] = frozenset(),
    ) -> Self:
        """Put a recorded answer together; mode, split and request are those of the recording.

        `partner` is the same request answered whole; an answer that is not streamed itself has none.
        """
        mode: Mode = "stream" if exchange.key.mode == "stream" else "whole"
        reply = read_reply(exchange, streamed=mode == "stream")
        return cls(
            case=case,
            profile=profile,
            mode=mode,
            split=exchange.key.split,
            turn=turn,
            request=json.loads(exchange.request),
            exchange=exchange,
            reply=reply,
            sdk=sdk_view(exchange, reply),
            partner=partner if mode == "stream" else None,
            tags=tags,
        )
