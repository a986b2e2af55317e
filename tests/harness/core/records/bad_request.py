"""A request that a server has to refuse."""

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.harness.core.records.risk import Risk

Key = Literal["right", "none", "wrong", "basic"]


@dataclass(frozen=True)
class BadRequest:
    """One entry of `tests/cases/bad/`."""

    id: str
    topic: str
    why: str
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    """Instead of the usual ones of the same name."""
    key: Key = "right"
    """What it says about the API key; one that is missing or wrong means nothing to a server without a key."""
    set: dict[str, Any] | None = None
    """Fields of a good request that are replaced."""
    remove: tuple[str, ...] = ()
    """Fields of a good request that are left out."""
    body: bytes | None = None
    """What is sent instead of a changed good request."""
    filler: tuple[str, str, int] | None = None
    """Unit, its counterpart at the end, and how often: what `{{fill}}` and `{{end}}` stand for."""
    names: tuple[str, ...] = ()
    """Words of which the error has to hold one, so that a reader knows what to change; empty: no field is wrong."""
    status: int | None = None
    """The one status that is right; None: any 4xx."""
    may_accept: str = ""
    """Why a server may also answer it."""
    before_api: bool = False
    """The web framework refuses it before the API sees it, in a form of its own."""
    risk: Risk = "none"
    tags: frozenset[str] = frozenset()
    """By which the ledger selects: `bad=ID`, `path=PATH`, and those of the entry."""


@dataclass(frozen=True)
class Reaction:
    """What came back for a bad request."""

    status: int | None
    """None: no answer."""
    body: bytes = b""
    broken: str = ""
    """Why there is no whole answer."""
