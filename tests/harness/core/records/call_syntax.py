"""What of a way to write calls must not show up in an answer's text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallSyntax:
    """The pieces by which a call that came as text is known; all expressions are Python's."""

    dialect: str = ""
    markers: tuple[str, ...] = ()
    """What stands around calls."""
    fences: bool = False
    """A code fence may stand around calls, too."""
    piece: str = r"(?!)"
    """Matches a piece of a call's body."""
    call: tuple[str, ...] = (r"(?!)",)
    """What a whole call holds, one behind the other."""
