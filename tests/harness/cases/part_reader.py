"""A reader that hands on one part of a call a delta, as many of vLLM's parsers do: what a cut leaves it no time for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.harness.cases.call_places import CallPlace
from tests.harness.core.records.cut import Cut

Part = Literal["name", "brace", "rest"]
"""A call's name, the opening brace of its arguments, and all that follows it; empty arguments are one part, `rest`."""
_BRACES = 2
"""Characters of arguments that are empty."""


@dataclass
class PartReader:
    """Reads a text delta by delta. Once a call's name is there it goes on to that call, whatever it owes of others."""

    calls: Sequence[CallPlace]
    sent: list[tuple[int, Part]] = field(default_factory=list)
    """Number of the call and its part, in the order in which they were handed on."""
    last: tuple[int, Part] | None = None
    """What the last delta let it hand on."""
    named: int = 0
    """Calls whose names came; a limit may end the answer before the others."""

    def read(self, cut: Cut) -> "PartReader":
        """Read a whole stream."""
        for end in cut:
            self.last = self._next(end)
            if self.last is not None:
                self.sent.append(self.last)
        return self

    @property
    def is_complete(self) -> bool:
        """Return whether all parts of the last call were handed on."""
        return bool(self.calls) and (len(self.calls) - 1, "rest") in self.sent

    @property
    def leaves_one_behind(self) -> bool:
        """Return whether parts of a call are owed that another call followed."""
        return any((number, "rest") not in self.sent for number in range(self.named - 1))

    def _next(self, end: int) -> tuple[int, Part] | None:
        self.named = sum(call.name_end <= end for call in self.calls)
        current = sum(part == "name" for _, part in self.sent)
        if current < self.named:
            return current, "name"
        if not current or self.calls[current - 1].arguments_end > end:
            return None
        call = self.calls[current - 1]
        parts: tuple[Part, ...] = ("rest",) if _is_empty(call) else ("brace", "rest")
        return next(((current - 1, part) for part in parts if (current - 1, part) not in self.sent), None)


def _is_empty(call: CallPlace) -> bool:
    return call.arguments_end - call.arguments == _BRACES
