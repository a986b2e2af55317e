"""The likely cause of a failed start, recognised from real log text; the patterns are data."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("causes.toml")


@dataclass(frozen=True)
class Cause:
    """One entry of `causes.toml`."""

    id: str
    pattern: re.Pattern[str]
    say: str


@cache
def known_causes() -> tuple[Cause, ...]:
    """All causes, in the order in which they are tried."""
    entries = tomllib.loads(_DATA.read_text("utf-8"))["cause"]
    return tuple(
        Cause(entry["id"], re.compile(entry["pattern"], re.IGNORECASE), entry["say"]) for entry in entries
    )


def likely_cause(text: str) -> Cause | None:
    """The first cause whose pattern is in `text`, or None."""
    return next((cause for cause in known_causes() if cause.pattern.search(text)), None)
