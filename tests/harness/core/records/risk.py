"""What a request may do to a server that is not ours."""

from typing import Literal

from tests.harness.core.records.errors import UsageProblem

Risk = Literal["none", "load", "crash"]
RISKS: tuple[Risk, ...] = ("none", "load", "crash")
"""In the order in which they run: what may kill a server comes last."""


def as_risk(word: str) -> Risk:
    """Return `none`, `load` or `crash`. Raises UsageProblem for another word."""
    for risk in RISKS:
        if word == risk:
            return risk
    raise UsageProblem(f"{word!r}: no such risk; known are {', '.join(RISKS)}")
