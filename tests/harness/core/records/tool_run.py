"""What became of a call when a user's program ran it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToolRun:
    """One call of an answer, run."""

    index: int
    """Position of the call in the answer."""
    name: str
    result: str | None
    """What the tool returned; None if it could not be run."""
    error: str = ""
