"""Clients that leave: before the first token, inside the arguments, before `[DONE]`."""

from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice
from typing import Any

from tests.harness.core.http.limits import Limits
from tests.harness.core.http.open_response import BROKEN, describe_error
from tests.harness.core.records.load import STAGES, Disconnect, Stage
from tests.harness.suites.load.raw_client import RawClient

_SEEN: dict[Stage, bytes] = {"inside the arguments": b'"tool_calls":', "before [DONE]": b'"finish_reason":"'}
"""What a client has read when it leaves; nothing before the first token."""
_OK = 200
SLACK_CLIENTS = 4
"""Requests that others may begin on a borrowed server meanwhile."""


def disconnect_often(
    client: RawClient, body: Callable[[], dict[str, Any]], limits: Limits, number: int
) -> list[Disconnect]:
    """Run so many clients in a row, the stages in turn."""
    return [leave(client, body(), limits, stage) for stage in islice(cycle(STAGES), number)]


def leave(client: RawClient, body: dict[str, Any], limits: Limits, stage: Stage) -> Disconnect:
    """Run one client; whatever the server does, it has gone when this returns."""
    try:
        with client.open(body, limits) as answer:
            if answer.status != _OK:
                return Disconnect(stage, reached=False, refused=f"status {answer.status}")
            return Disconnect(stage, _read_until(_SEEN.get(stage), answer.pieces))
    except BROKEN as error:
        return Disconnect(stage, reached=False, broken=describe_error(error))


def _read_until(marker: bytes | None, pieces: Iterable[bytes]) -> bool:
    if marker is None:
        return True
    read = b""
    for piece in pieces:
        read += piece.replace(b'": ', b'":')
        if marker in read:
            return True
    return False


def missed(disconnects: Sequence[Disconnect]) -> list[str]:
    """Return the stages that no client reached, each with the reason."""
    reasons = []
    for stage in STAGES:
        those = [entry for entry in disconnects if entry.stage == stage]
        if those and not any(entry.reached for entry in those):
            why = those[0].refused or those[0].broken or "the answer ended before"
            reasons.append(f"no client could leave {stage}: {why}")
    return reasons
