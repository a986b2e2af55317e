"""A small streaming reader of bare arrays of calls, right at every cut: what single-character changes of it break."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Delta:
    """What one delta hands on."""

    content: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    """`index` with name, or with a piece of the arguments."""


class ToyParser:
    """Reads a text that grows; hands on each call once it is complete, its arguments as they were written."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.calls = 0
        self.told = 0
        self.at = 1

    def feed(self, text: str) -> Delta:
        """Return what is new in a text of which more may come."""
        if text[:1] != "[":
            delta = Delta(text[self.told :])
            self.told = len(text)
            return delta
        delta = Delta()
        while (found := self._next(text)) is not None:
            name, arguments, end = found
            delta.calls.append({"index": self.calls, "name": name, "arguments": arguments})
            self.calls += 1
            self.at = end
        return delta

    def finish(self, text: str) -> Delta:
        """Return what is left when a text has ended: one without calls is an answer in words."""
        if text[:1] == "[" and self.calls == 0:
            return Delta(text)
        return Delta()

    def _next(self, text: str) -> tuple[str, str, int] | None:
        """Return name, arguments and end of the next complete call; None: there is none yet."""
        start = text.find("{", self.at)
        if start < 0:
            return None
        end = self._end(text, start)
        if end is None:
            return None
        try:
            call = json.loads(text[start:end])
            return call["name"], json.dumps(call["arguments"], ensure_ascii=False), end
        except (ValueError, KeyError, TypeError):
            return None

    def _end(self, text: str, start: int) -> int | None:
        """Return where the object that begins at `start` is complete; None: it is not yet."""
        depth, in_string, escaped = 0, False, False
        for at in range(start, len(text)):
            letter = text[at]
            if escaped:
                escaped = False
            elif in_string:
                escaped = letter == "\\"
                in_string = letter != '"'
            elif letter == '"':
                in_string = True
            elif letter == "{":
                depth += 1
            elif letter == "}":
                depth -= 1
                if depth == 0:
                    return at + 1
        return None
