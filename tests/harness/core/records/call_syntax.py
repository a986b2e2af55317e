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
    demanded: bool = False
    """Calls that a request demands (`tool_choice`) are written so, too, led by a grammar, and read by the same parser,
    not as JSON of the tools' schema (vLLM 0.32 on)."""
    always_read: bool = False
    """The parser reads every answer, also where a request offers no tools or forbids calls (as those on vLLM's parser
    engine do)."""
