"""What is asked and what must come back."""

from dataclasses import dataclass
from typing import Any, Literal

from tests.harness.records.risk import Risk

Mode = Literal["stream", "whole"]
Depth = Literal["default", "full", "soak"]
DEPTHS: tuple[Depth, ...] = ("default", "full", "soak")
MODES: tuple[Mode, ...] = ("stream", "whole")


@dataclass(frozen=True)
class ExpectedCall:
    """A call that a right answer holds; `arguments` is the parsed JSON object."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class FollowUp:
    """The round after the tools ran: what the answer must mention."""

    mentions: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One entry of `tests/cases/`."""

    id: str
    topic: str
    dialect: str
    why: str
    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...]
    """Tool definitions as the API takes them: `{"type": "function", "function": {...}}`."""
    calls: tuple[ExpectedCall, ...]
    content: str | None = None
    """Text of a right answer, exact for a forced text; a real model words its own its own way. None beside `text`:
    no content at all."""
    follow_up: FollowUp | None = None
    text: str | None = None
    """What the model is made to say; None: it answers by itself."""
    debatable: str | None = None
    """Why there is no one right answer: then streamed and whole must agree, and that is all."""
    cut: int | None = None
    """Tenths of the text after which the request's token limit cuts the answer."""
    depth: Depth = "default"
    """The least `--depth` at which it is asked."""
    risk: Risk = "none"
    """What it may do to a server."""
    upstream: str | None = None
    source: str = ""
    """File and table the case was read from, for messages."""

    @property
    def written(self) -> str:
        """What the model is made to say before the limit cuts it; one token a character where it does."""
        text = self.text or ""
        return text if self.cut is None else text[: len(text) * self.cut // 10]
