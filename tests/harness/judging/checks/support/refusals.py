"""What a clear refusal is: the one standard for every request that may or has to be refused."""

from dataclasses import dataclass
from typing import Any

from tests.harness.core.strict_json import strict_json

WANTED = '{"error": {"message": ..., "type": ...}}'
_ANTHROPIC = "/v1/messages"
"""Here clients look for `{"type": "error", "error": {...}}` (https://docs.anthropic.com/en/api/errors)."""
_BEFORE_THE_API = frozenset({401, 404, 405})
"""Statuses of the web framework: nobody of the API has seen such a request, and the framework has a form of its own."""


@dataclass(frozen=True)
class Refusal:
    """A refusal as a client's program reads it."""

    message: str
    """All that it says about the mistake, the name of the parameter too; empty if it says nothing."""
    lacks: tuple[str, ...]
    """Fields of the API's error object that are missing or empty."""


def refusal_of(status: int, body: str, path: str, *, before_api: bool = False) -> Refusal | None:
    """Read the body of a 4xx; None: it holds no error in a form that a client of this path knows.

    `before_api`: the web framework refuses such a request whatever the status, since it cannot read it.
    """
    try:
        answer: Any = strict_json(body)
    except ValueError:
        return None
    match answer:
        case {"error": dict(error)} if path.startswith(_ANTHROPIC) and answer.get("type") != "error":
            return _lacking(error, "type of the whole")
        case {"error": dict(error)}:
            return _of_api(error)
        case {"object": "error", "message": str()}:
            return _of_api(answer)
        case {"detail": str(message)} | {"error": str(message)} if before_api or status in _BEFORE_THE_API:
            return Refusal(message, () if message else ("message",))
    return None


def _lacking(error: dict[str, Any], what: str) -> Refusal:
    refusal = _of_api(error)
    return Refusal(refusal.message, (*refusal.lacks, what))


def _of_api(error: dict[str, Any]) -> Refusal:
    lacks = tuple(
        name for name in ("message", "type") if not isinstance(error.get(name), str) or not error[name]
    )
    message = "" if "message" in lacks else str(error["message"])
    parameter = error.get("param")
    return Refusal(f"{message} {parameter}" if parameter else message, lacks)
