"""A defect that is known upstream."""

from dataclasses import dataclass
from typing import Literal, get_args

Harm = Literal["outage", "wrong-call", "lost-text", "cosmetic"]
Blocking = Literal[Harm, "changed"]
"""What `--block` takes: a harm, or against a baseline any other result for the same text in the same deltas."""
HARMS: tuple[Harm, ...] = get_args(Harm)
"""The worst first."""
Strength = Literal["must", "may"]


@dataclass(frozen=True)
class Shows:
    """How a defect looks: one check and the symptoms of it."""

    check: str
    symptoms: tuple[str, ...]
    got: str = ""
    """Regular expression to be found in the finding's `got`; empty: whatever came."""


@dataclass(frozen=True)
class KnownIssue:
    """An entry of `tests/known_issues/`: where it applies, how it shows, whom it hurts."""

    id: str
    versions: str
    """PEP 440 specifiers, e.g. `>=0.23.0`."""
    parsers: tuple[str, ...]
    modes: tuple[str, ...]
    cuts: tuple[str, ...]
    """What is true of the stream's cut (`cases/cut_tags.py`), all of it; empty: however it was cut."""
    tags: tuple[str, ...]
    """All of them must be on the text."""
    shows: tuple[Shows, ...]
    strength: Strength
    harm: Harm
    why: str
    users: str
    """What users meet, as a clause in their words; entries that do the same to them say the same."""
    upstream: str
    """A link, or `unreported.md#...`: the heading beside the ledger under which the request stands that shows it."""
    last_seen: str
    because: str = ""
    """Why it is a `may`: what decides whether it shows, beside what the entry says."""
    cases: tuple[str, ...] = ()
    """Ids of the cases that it is about, where no tag tells their texts from others; empty: whichever has the tags."""
    source: str = ""
