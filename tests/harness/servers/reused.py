"""`--keep`: servers left running on purpose, found again by the next run that asks for the same."""

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.http.ask import OK, NoAnswer, ask
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.readiness import health_problem

_ANSWER_S = 3.0


@dataclass
class ReusedServer:
    """A server that an earlier run left; this run does not stop it."""

    base_url: str
    command: str
    api_key: str | None
    stop_command: str
    origin: str = ""
    managed: bool = False

    def exited(self) -> str | None:
        """`not answering` once `/health` fails."""
        return "not answering any more" if health_problem(self.base_url, _ANSWER_S) else None

    def stop(self) -> None:
        """Leave it: it was kept on purpose, and `stop_command` was printed then."""

    def keep(self) -> None:
        """It stays in any case."""


def key_file(order: LaunchRequest) -> Path:
    """Where the API key of a kept server lies, readable by the user alone."""
    return _note(order).with_suffix(".key")


def remember(order: LaunchRequest, server: ServerHandle) -> None:
    """Note a server that stays."""
    note = _note(order)
    note.parent.mkdir(exist_ok=True)
    with os.fdopen(os.open(key_file(order), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(server.api_key or "")
    facts = {name: getattr(server, name) for name in ("base_url", "command", "stop_command", "origin")}
    note.write_text(json.dumps(facts, indent=2))


def find_kept(order: LaunchRequest) -> ReusedServer | None:
    """A kept server that was started for the same order and answers with its key; forgets one that is gone."""
    note = _note(order)
    if not note.exists():
        return None
    kept = ReusedServer(**json.loads(note.read_text()), api_key=key_file(order).read_text())
    if not health_problem(kept.base_url, _ANSWER_S) and _knows_key(kept):
        return kept
    note.unlink()
    key_file(order).unlink()
    return None


def _note(order: LaunchRequest) -> Path:
    """One file a launch order: target with its arguments, profile, and the Python that built the environment."""
    asked = repr(
        (order.target.kind, order.target.value, order.target.args, order.profile, sys.version_info[:2])
    )
    return order.cache / "kept" / f"{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"


def _knows_key(kept: ReusedServer) -> bool:
    try:
        return ask(kept.base_url, "/v1/models", _ANSWER_S, api_key=kept.api_key).status == OK
    except NoAnswer:
        return False
