"""What a caller read, in one form for all of them, and what is wrong with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.harness.core.records.case import Case
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.tool_run import ToolRun
from tests.harness.judging.checks.clients.rules import CLIENT_VIEW
from tests.harness.judging.checks.support.values import is_right


@dataclass(frozen=True)
class ClientResult:
    """The result of an answer."""

    calls: tuple[tuple[str, str], ...]
    """Name and arguments as text, in order."""
    text: str = ""
    ended_for_calls: bool = False
    """Whether the reason that the answer gives for its end is that tools are to be run."""
    error: str = ""
    """The exception that the client raised."""
    turn: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    """What a program keeps of the answer for the next round: items or blocks, as its client has them."""

    @property
    def said(self) -> str:
        """In a line."""
        calls = ", ".join(f"{name} {arguments}" for name, arguments in self.calls)
        ending = "; tools are to be run" if self.ended_for_calls else ""
        return self.error or f"calls: {calls or 'none'}; text: {self.text!r}{ending}"


def judge_view(view: ClientResult, raw: ClientResult) -> Iterator[Finding]:
    """What a client made of bytes against what they say; of arguments that are no JSON it may make anything."""
    if _unreadable(raw):
        return
    if view.error:
        yield CLIENT_VIEW.finding("raises", CLIENT_VIEW.symptoms["raises"], raw.said, view.error)
    elif view != raw:
        yield CLIENT_VIEW.finding("differs", CLIENT_VIEW.symptoms["differs"], raw.said, view.said)


def judge_result(raw: ClientResult, case: Case, profile: Profile) -> Iterator[Finding]:
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
    wanted = [[call.name, call.arguments] for call in case.calls]
    if is_right(wanted, [[name, json.loads(arguments)] for name, arguments in raw.calls], profile.wording):
        yield from _judge_text(raw, case, profile)
    else:
        calls = ", ".join(f"{name} {json.dumps(arguments)}" for name, arguments in wanted)
        yield CLIENT_VIEW.finding(
            "other-calls", CLIENT_VIEW.symptoms["other-calls"], calls or "no call", raw.said
        )
    if raw.ended_for_calls != bool(raw.calls):
        holds = "calls" if raw.calls else "no call"
        yield CLIENT_VIEW.finding(
            "other-ending",
            CLIENT_VIEW.symptoms["other-ending"],
            f"an ending of an answer that holds {holds}",
            "tools are to be run" if raw.ended_for_calls else "nothing is to be run",
        )


def judge_mentions(raw: ClientResult, case: Case) -> Iterator[Finding]:
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


def judge_modes(streamed: ClientResult, whole: ClientResult) -> Iterator[Finding]:
    """What one question got, asked both ways; only a model that always says the same can be judged so."""
    if streamed.text != whole.text:
        yield CLIENT_VIEW.finding(
            "modes-differ", CLIENT_VIEW.symptoms["modes-differ"], whole.said, streamed.said
        )


def judge_alike(raw: ClientResult, chat: ClientResult) -> Iterator[Finding]:
    """One text of the model, at two addresses."""
    if (raw.calls, raw.text) != (chat.calls, chat.text):
        yield CLIENT_VIEW.finding(
            "other-than-chat", CLIENT_VIEW.symptoms["other-than-chat"], chat.said, raw.said
        )


def judge_runs(runs: tuple[ToolRun, ...]) -> Iterator[Finding]:
    """Whether a program can run the calls as its client has them."""
    for run in runs:
        if run.result is None:
            yield CLIENT_VIEW.finding(
                "cannot-be-run",
                CLIENT_VIEW.symptoms["cannot-be-run"],
                f"a call of {run.name} that runs",
                run.error or "",
            )


def _judge_text(raw: ClientResult, case: Case, profile: Profile) -> Iterator[Finding]:
    """A real model words its text its own way; beside calls it says none."""
    text, wanted = raw.text.strip(), (case.content or "").strip()
    is_free = not profile.stable and (wanted or not case.calls)
    if bool(text) != bool(wanted) if is_free else text != wanted:
        yield CLIENT_VIEW.finding(
            "other-text", CLIENT_VIEW.symptoms["other-text"], wanted or "no text", raw.said
        )


def _unreadable(result: ClientResult) -> tuple[str, str] | None:
    for name, arguments in result.calls:
        try:
            found: Any = json.loads(arguments)
        except ValueError:
            return name, arguments
        if not isinstance(found, dict):
            return name, arguments
    return None
