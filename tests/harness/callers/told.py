"""What a caller read, in one form for all of them, and what is wrong with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.harness.callers.rules import CLIENT_VIEW
from tests.harness.records.case import Case
from tests.harness.records.finding import Finding


@dataclass(frozen=True)
class Told:
    """The result of an answer."""

    calls: tuple[tuple[str, str], ...]
    """Name and arguments as text, in order."""
    text: str = ""
    ended_for_calls: bool = False
    """Whether the reason that the answer gives for its end is that tools are to be run."""
    error: str = ""
    """The exception that the client raised."""

    @property
    def said(self) -> str:
        """In a line."""
        calls = ", ".join(f"{name} {arguments}" for name, arguments in self.calls)
        ending = "; tools are to be run" if self.ended_for_calls else ""
        return self.error or f"calls: {calls or 'none'}; text: {self.text!r}{ending}"


def judge_view(view: Told, raw: Told) -> Iterator[Finding]:
    """What a client made of bytes against what they say; of arguments that are no JSON it may make anything."""
    if _unreadable(raw):
        return
    if view.error:
        yield CLIENT_VIEW.finding("raises", CLIENT_VIEW.symptoms["raises"], raw.said, view.error)
    elif view != raw:
        yield CLIENT_VIEW.finding("differs", CLIENT_VIEW.symptoms["differs"], raw.said, view.said)


def judge_result(raw: Told, case: Case) -> Iterator[Finding]:
    """What an answer came to against what the question asks for."""
    if unreadable := _unreadable(raw):
        name, arguments = unreadable
        yield CLIENT_VIEW.finding(
            "unreadable-arguments",
            f"The arguments of {name} cannot be read.",
            "one JSON object",
            arguments,
        )
        return
    wanted = [_canonical(call.name, call.arguments) for call in case.calls]
    got = [_canonical(name, json.loads(arguments)) for name, arguments in raw.calls]
    if got != wanted:
        yield CLIENT_VIEW.finding(
            "other-calls", CLIENT_VIEW.symptoms["other-calls"], ", ".join(wanted) or "no call", raw.said
        )
    if raw.ended_for_calls != bool(raw.calls):
        holds = "calls" if raw.calls else "no call"
        yield CLIENT_VIEW.finding(
            "other-ending",
            CLIENT_VIEW.symptoms["other-ending"],
            f"an ending of an answer that holds {holds}",
            "tools are to be run" if raw.ended_for_calls else "nothing is to be run",
        )


def judge_mentions(raw: Told, case: Case) -> Iterator[Finding]:
    """Whether the answer after the tools ran uses their results."""
    wanted = case.follow_up.mentions if case.follow_up else ()
    missing = [word for word in wanted if word.casefold() not in raw.text.casefold()]
    if missing:
        yield CLIENT_VIEW.finding(
            "no-mention",
            CLIENT_VIEW.symptoms["no-mention"],
            f"an answer that says {', '.join(missing)}",
            raw.said,
        )


def _unreadable(told: Told) -> tuple[str, str] | None:
    for name, arguments in told.calls:
        try:
            found: Any = json.loads(arguments)
        except ValueError:
            return name, arguments
        if not isinstance(found, dict):
            return name, arguments
    return None


def _canonical(name: str, arguments: dict[str, Any]) -> str:
    return f"{name} {json.dumps(arguments, sort_keys=True, ensure_ascii=False)}"
