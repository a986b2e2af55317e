"""Ledger entries and findings for the tests of the ledger."""

from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.known_issue import KnownIssue, Shows

VOCABULARY = {"arguments-json": {"glued-twice", "empty"}, "stream-frames": {"error-frame"}}
PLACE: dict[str, Any] = {
    "version": "0.32.0",
    "parser": "xlam",
    "mode": "stream",
    "tags": frozenset({"calls=1", "depth=1"}),
    "cut_tags": frozenset({"one-delta", "ends-with-text"}),
}


def issue(**changes: Any) -> KnownIssue:
    fields: dict[str, Any] = {
        "id": "sent-twice",
        "versions": ">=0.23.0",
        "parsers": ("xlam",),
        "modes": ("stream",),
        "cuts": (),
        "tags": (),
        "shows": (Shows("arguments-json", ("glued-twice",)),),
        "strength": "may",
        "harm": "wrong-call",
        "why": "made up for a test",
        "users": "streamed arguments arrive twice",
        "upstream": "unreported",
        "last_seen": "0.32.0",
    }
    return KnownIssue(**{**fields, **changes})


def finding(name: str = "arguments-json/glued-twice", got: str = "{}{}") -> Finding:
    check, _, symptom = name.partition("/")
    return Finding(check, symptom, "It is broken.", got=got)
