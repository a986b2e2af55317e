"""`--keep`: servers left running on purpose, found again by the next run that asks for the same."""

import hashlib
import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tests.harness.core.http.ask import OK, NoAnswer, ask
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.readiness import health_problem

_ANSWER_S = 3.0


@dataclass
class ReusedServer:
    """A server that an earlier run of the suite left running on purpose."""

    base_url: str
    command: str
    api_key: str | None
    stop_command: str
    origin: str = ""

    def exited(self) -> str | None:
        """Return `not answering any more` once `/health` fails, or None."""
        return "not answering any more" if health_problem(self.base_url, _ANSWER_S) else None

    def stop(self) -> None:
        """Leave the server: it was kept on purpose, and `stop_command` was printed then."""

    def keep(self) -> None:
        """Leave the server running, as it stays in any case."""


def key_file(request: LaunchRequest) -> Path:
    """Return where the API key of a server that stays lies, readable by the user alone."""
    return _note(request).with_suffix(".key")


def remember(request: LaunchRequest, server: ServerHandle) -> None:
    """Note a server that stays."""
    note = _note(request)
    note.parent.mkdir(exist_ok=True)
    with os.fdopen(os.open(key_file(request), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(server.api_key or "")
    facts = {name: getattr(server, name) for name in ("base_url", "command", "stop_command", "origin")}
    note.write_text(json.dumps(facts, indent=2))


def find_reused(request: LaunchRequest) -> ReusedServer | None:
    """Return the server that was left for the same request, if it answers with its key; forget one that is gone."""
    note = _note(request)
    if not note.exists():
        return None
    server = ReusedServer(**json.loads(note.read_text()), api_key=key_file(request).read_text())
    if not health_problem(server.base_url, _ANSWER_S) and _knows_key(server):
        return server
    note.unlink()
    key_file(request).unlink()
    return None


def _note(request: LaunchRequest) -> Path:
    """Return the file of a launch request: of all that makes its server, and the Python that built the environment.

    The same target may be written in several ways, and its profile is there in full.
    """
    target = replace(request.target, text="", profile=None)
    facts = (target, request.carried_contents, request.profile, sys.version_info[:2])
    return request.cache / "kept" / f"{hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}.json"


def _knows_key(server: ReusedServer) -> bool:
    try:
        return ask(server.base_url, "/v1/models", _ANSWER_S, api_key=server.api_key).status == OK
    except NoAnswer:
        return False
