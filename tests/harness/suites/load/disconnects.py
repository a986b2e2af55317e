"""Clients that leave: before the first token, inside the arguments, before `[DONE]`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, Literal

from tests.harness.core.http.limits import Limits
from tests.harness.core.http.open_response import BROKEN, describe_error
from tests.harness.core.records.finding import Finding
from tests.harness.judging.checks.load.rules import DISCONNECTS, LOAD_FAILURES
from tests.harness.servers.footprint import Footprint
from tests.harness.suites.load.raw_client import RawClient
from tests.harness.suites.load.server_state import Busy
from tests.harness.suites.load.streams import Stream

Stage = Literal["before the first token", "inside the arguments", "before [DONE]"]
STAGES: tuple[Stage, ...] = ("before the first token", "inside the arguments", "before [DONE]")
_SEEN: dict[Stage, bytes] = {"inside the arguments": b'"tool_calls":', "before [DONE]": b'"finish_reason":"'}
"""What a client has read when it leaves; nothing before the first token."""
_OK = 200
SLACK_MB, SLACK_MB_EACH = 48.0, 0.25
"""A server's memory moves by as much without a leak; a leaked request of vLLM takes more than a quarter megabyte."""
SHARE_OF_FILES = 0.25
"""Clients whose connection may still be open a moment after the last one left."""
SLACK_CLIENTS = 4
"""Requests that others may begin on a borrowed server meanwhile."""


@dataclass(frozen=True)
class Disconnect:
    """A client that has gone."""

    stage: Stage
    reached: bool
    """It left where it meant to; False: the answer ended or broke before."""
    refused: str = ""
    """The status, if it is not 200."""
    broken: str = ""


def disconnect_often(
    client: RawClient, body: Callable[[], dict[str, Any]], limits: Limits, number: int
) -> list[Disconnect]:
    """So many clients in a row, the stages in turn."""
    return [leave(client, body(), limits, stage) for stage in islice(cycle(STAGES), number)]


def leave(client: RawClient, body: dict[str, Any], limits: Limits, stage: Stage) -> Disconnect:
    """One client; whatever the server does, it has gone when this returns."""
    try:
        with client.open(body, limits) as answer:
            if answer.status != _OK:
                return Disconnect(stage, reached=False, refused=f"status {answer.status}")
            return Disconnect(stage, _read_until(_SEEN.get(stage), answer.pieces))
    except BROKEN as error:
        return Disconnect(stage, reached=False, broken=describe_error(error))


def _read_until(seen: bytes | None, pieces: Iterable[bytes]) -> bool:
    if seen is None:
        return True
    read = b""
    for piece in pieces:
        read += piece.replace(b'": ', b'":')
        if seen in read:
            return True
    return False


@dataclass(frozen=True)
class AfterDisconnects:
    """What was left behind by clients that left."""

    left: Sequence[Disconnect]
    busy: Busy | None
    """What the server still has to do after all that time; None: it does not say."""
    allowed: int
    """Requests that it may have: those of others."""
    waited_s: float
    next_: Stream
    before: Footprint | None
    after: Footprint | None


def judge_aftermath(found: AfterDisconnects) -> Sequence[Finding]:
    """All that is wrong with it."""
    findings = []
    clients = len(found.left)
    if refused := [entry.refused for entry in found.left if entry.refused]:
        said, got = "A valid request was refused.", f"{refused[0]}; {len(refused)} of {clients} clients"
        findings.append(LOAD_FAILURES.finding("refused", said, "HTTP status 200", got))
    if found.busy is not None and found.busy.all > found.allowed:
        findings.append(
            DISCONNECTS.finding(
                "still-running",
                "The server goes on with requests whose clients have left.",
                f"at most {found.allowed} requests running and waiting",
                f"{found.busy.running} running and {found.busy.waiting} waiting {found.waited_s:.0f} s after the "
                f"last of {clients} clients left",
            )
        )
    if found.next_.failed or found.next_.foreign:
        got = (
            found.next_.refused
            or found.next_.broken
            or ", ".join(found.next_.foreign)
            or found.next_.arguments
            or "no arguments"
        )
        said = "The request after clients have left is not answered as it should be."
        findings.append(
            DISCONNECTS.finding("next-request", said, f"a call with {found.next_.secret} alone", got)
        )
    if found.before and found.after:
        findings += _growth(clients, found.before, found.after)
    return findings


def _growth(clients: int, before: Footprint, after: Footprint) -> list[Finding]:
    grown_mb, most_mb = after.memory_mb - before.memory_mb, SLACK_MB + SLACK_MB_EACH * clients
    opened_, most = after.files - before.files, SHARE_OF_FILES * clients
    findings = []
    if grown_mb > most_mb:
        said = "Clients that leave make the server's memory grow."
        got = f"{grown_mb:.0f} MB more after {clients} clients: {before.memory_mb:.0f}, then {after.memory_mb:.0f}"
        findings.append(DISCONNECTS.finding("memory-grows", said, f"at most {most_mb:.0f} MB more", got))
    if opened_ > most:
        said = "Clients that leave make the server's open files and connections grow."
        got = f"{opened_} more after {clients} clients: {before.files}, then {after.files}"
        findings.append(DISCONNECTS.finding("connections-grow", said, f"at most {most:.0f} more", got))
    return findings


def missed(left: Sequence[Disconnect]) -> list[str]:
    """The stages that no client reached, each with the reason."""
    found = []
    for stage in STAGES:
        those = [entry for entry in left if entry.stage == stage]
        if those and not any(entry.reached for entry in those):
            why = those[0].refused or those[0].broken or "the answer ended before"
            found.append(f"no client could leave {stage}: {why}")
    return found
