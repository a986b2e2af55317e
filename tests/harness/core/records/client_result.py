"""What a client read, in one form for all clients."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ClientResult:
    """The result of an answer."""

    calls: tuple[tuple[str, str], ...]
    """Name and arguments as text, in order."""
    text: str = ""
    ending: str = ""
    """Why it ended, in the words of the chat address: `stop`, `length`, `tool_calls`; empty: it does not say."""
    error: str = ""
    """The exception that the client raised."""
    turn: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    """What a program keeps of the answer for the next round: items or blocks, as its client has them."""

    @property
    def ended_for_calls(self) -> bool:
        """Return whether the reason that the answer gives for its end is that tools are to be run."""
        return self.ending == "tool_calls"

    @property
    def shown(self) -> str:
        """Return the result in a line."""
        calls = ", ".join(f"{name} {arguments}" for name, arguments in self.calls)
        ending = {"tool_calls": "; tools are to be run", "length": "; cut at a limit"}.get(self.ending, "")
        return self.error or f"calls: {calls or 'none'}; text: {self.text!r}{ending}"
