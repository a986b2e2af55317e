"""What is asked and what must come back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.harness.core.records.risk import Risk

Mode = Literal["stream", "whole"]
Depth = Literal["default", "full", "soak"]
DEPTHS: tuple[Depth, ...] = ("default", "full", "soak")
MODES: tuple[Mode, ...] = ("stream", "whole")


@dataclass(frozen=True)
class ExpectedCall:
    """A call that a right answer holds; `arguments` is the parsed JSON object."""

    name: str
    arguments: dict[str, Any]
    verbatim: str | None = None
    """The arguments as the model wrote them, where no reader holds them as they are; `arguments` is empty then."""
    written: str = field(default="", compare=False)
    """The arguments as JSON, as the case has them; empty: as Python writes them."""

    @property
    def text(self) -> str:
        """Return the arguments as a text: what a right call says, in one of its spellings."""
        if self.verbatim is not None:
            return self.verbatim
        return self.written or json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True)
class Reading:
    """One right answer to a text that has several; its calls and its text belong together."""

    calls: tuple[ExpectedCall, ...]
    content: str | None = None
    """None: no text."""


@dataclass(frozen=True)
class FollowUp:
    """The round after the tools ran: what the answer must mention."""

    mentions: tuple[str, ...]
    answer: str | None = None
    """What a model that knows the case says; only what it mentions is checked."""


@dataclass(frozen=True)
class RequestOptions:
    """What a request asks for beside its question, and what the API promises for it."""

    request: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that are put into the body, over the usual ones."""
    omit: tuple[str, ...] = ()
    """Parameters of the usual body that are left out."""
    allowed_finish_reasons: tuple[str, ...] = ()
    """Finish reasons that the API allows here; empty: those that follow from the answer itself."""
    splits: tuple[str, ...] = ()
    """Splits of a forced text; empty: all."""
    steered_text: str | None = None
    """What the model is led to write, character by character, where a schema of the server's leaves no other choice."""
    may_refuse: bool = False
    """A clear refusal (4xx) is as right as an answer."""
    refusal_names: str = ""
    """The field that such a refusal has to name; empty: any will do."""


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
    ambiguous: str | None = None
    """Why there is more than one right answer; streamed and whole have to give the same one."""
    readings: tuple[Reading, ...] = ()
    """All right answers where there are several; `calls` and `content` then hold what they have in common."""
    free_form: str | None = None
    """Why the model is free in what it says: then only what the request's terms promise is judged."""
    cut: int | None = None
    """Tenths of the text after which the request's token limit cuts the answer; 0: after its first character."""
    request_options: RequestOptions = field(default_factory=RequestOptions)
    depth: Depth = "default"
    """The least `--depth` at which it is asked."""
    taught: bool = True
    """Whether the fixture model itself knows what to say; where it does not, somebody else has to answer."""
    risk: Risk = "none"
    """What it may do to a server."""
    upstream: str | None = None
    source: str = ""
    """File and table the case was read from, for messages."""

    @property
    def emitted_text(self) -> str:
        """Return what the model is made to say before the limit cuts it; one token a character where it does."""
        text = self.text or ""
        if self.cut is None:
            kept = bool(self.request_options.request.get("include_stop_str_in_output"))
            return text[: min((text.find(stop) + kept * len(stop) for stop in self._stops), default=None)]
        return text[: max(1, len(text) * self.cut // 10)]

    @property
    def has_open_calls(self) -> bool:
        """Return whether its right answers hold different calls."""
        return any(reading.calls != self.calls for reading in self.readings)

    def settled(self) -> tuple["Case", ...]:
        """Return the case once for each right answer, with the calls and the text of that one."""
        settled = (replace(self, calls=reading.calls, content=reading.content) for reading in self.readings)
        return tuple(settled) or (self,)

    @property
    def ends_early(self) -> bool:
        """Return whether the token limit, or a stop sequence within the calls, ends the answer before its end."""
        return self.cut is not None or bool((self.calls or self.request_options.steered_text) and self._stops)

    @property
    def _stops(self) -> list[str]:
        request = self.request_options.request
        given = request.get("stop") or request.get("stop_sequences") or []
        stops = [given] if isinstance(given, str) else given
        return [stop for stop in stops if stop in (self.text or self.request_options.steered_text or "")]
