"""Whatever client asks, it reads what the bytes say, and that is what the question asks for."""

import json
from collections.abc import Iterator
from typing import Any

from tests.harness.core.records.case import Case
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.tool_run import ToolRun
from tests.harness.judging.check import Check
from tests.harness.judging.checks.support.values import is_right

CHECK = Check(
    "client-view",
    {
        "refused": "A good request is not answered with status 200, or its answer breaks off.",
        "malformed": "The answer is not made as this address makes its answers.",
        "raises": "The client raises an exception over an answer whose bytes are in order.",
        "differs": "The client's result is not what the bytes say.",
        "unreadable-arguments": "A call's arguments are no JSON object.",
        "other-calls": "The calls are not those that the question asks for.",
        "other-text": "Text comes beside the calls, or another text than this model always says.",
        "other-ending": "The reason why the answer ended does not fit what it holds.",
        "no-mention": "The answer after the tools ran does not use their results.",
        "cannot-be-run": "A call cannot be run as the client has it.",
        "other-than-chat": "What a model was made to say means something else than at the chat address.",
        "modes-differ": "One question gets another text streamed than whole.",
    },
    "https://platform.openai.com/docs/guides/function-calling",
    harm={
        "refused": "outage",
        "malformed": "outage",
        "raises": "wrong-call",
        "differs": "wrong-call",
        "unreadable-arguments": "wrong-call",
        "other-calls": "wrong-call",
        "other-text": "lost-text",
        "no-mention": "lost-text",
        "cannot-be-run": "wrong-call",
        "other-than-chat": "wrong-call",
        "modes-differ": "lost-text",
    },
)
OTHER_THAN_CHAT = CHECK["other-than-chat"]
"""The one symptom that compares two streams, of which each may be cut in its own way."""


def refused(wanted: str, got: str) -> Finding:
    """Return the finding of a good request that is not answered, or whose answer breaks off."""
    return CHECK.as_described("refused", wanted, got)


def malformed(error: Exception) -> Finding:
    """Return the finding of an answer in which a reader does not find what the address promises."""
    wanted = "the objects and fields that the API's reference names"
    return CHECK.as_described("malformed", wanted, f"{type(error).__name__}: {error}")


def judge_view(view: ClientResult, raw: ClientResult) -> Iterator[Finding]:
    """Judge what a client made of bytes by what they say; of arguments that are no JSON it may make anything."""
    if _unreadable(raw):
        return
    if view.error:
        yield CHECK.as_described("raises", raw.shown, view.error)
    elif view != raw:
        yield CHECK.as_described("differs", raw.shown, view.shown)


def judge_result(raw: ClientResult, case: Case, profile: Profile) -> Iterator[Finding]:
    """Judge what an answer comes to by what the question asks for."""
    if unreadable := _unreadable(raw):
        name, arguments = unreadable
        yield CHECK.finding(
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
        yield CHECK.as_described("other-calls", calls or "no call", raw.shown)
    if raw.ended_for_calls != bool(raw.calls):
        holds = "calls" if raw.calls else "no call"
        yield CHECK.as_described(
            "other-ending",
            f"an ending of an answer that holds {holds}",
            "tools are to be run" if raw.ended_for_calls else "nothing is to be run",
        )


def judge_mentions(raw: ClientResult, case: Case) -> Iterator[Finding]:
    """Judge whether the answer after the tools ran uses their results."""
    wanted = case.follow_up.mentions if case.follow_up else ()
    missing = [word for word in wanted if word.casefold() not in raw.text.casefold()]
    if missing:
        yield CHECK.as_described(
            "no-mention",
            f"an answer that says {', '.join(missing)}",
            raw.shown,
        )


def judge_modes(streamed: ClientResult, whole: ClientResult) -> Iterator[Finding]:
    """Judge what one question got, asked both ways; only a model that always says the same can be judged so."""
    if streamed.text != whole.text:
        yield CHECK.as_described("modes-differ", whole.shown, streamed.shown)


def judge_alike(raw: ClientResult, chat: ClientResult) -> Iterator[Finding]:
    """Judge one text of the model at two addresses."""
    if (raw.calls, raw.text) != (chat.calls, chat.text):
        yield CHECK.as_described("other-than-chat", chat.shown, raw.shown)


def judge_runs(runs: tuple[ToolRun, ...]) -> Iterator[Finding]:
    """Judge whether a program can run the calls as its client has them."""
    for run in runs:
        if run.result is None:
            yield CHECK.as_described(
                "cannot-be-run",
                f"a call of {run.name} that runs",
                run.error or "",
            )


def _judge_text(raw: ClientResult, case: Case, profile: Profile) -> Iterator[Finding]:
    """Judge the text: a real model words its own; beside calls it says none."""
    text, wanted = raw.text.strip(), (case.content or "").strip()
    is_free = not profile.stable and (wanted or not case.calls)
    if bool(text) != bool(wanted) if is_free else text != wanted:
        yield CHECK.as_described("other-text", wanted or "no text", raw.shown)


def _unreadable(result: ClientResult) -> tuple[str, str] | None:
    for name, arguments in result.calls:
        try:
            value: Any = json.loads(arguments)
        except ValueError:
            return name, arguments
        if not isinstance(value, dict):
            return name, arguments
    return None
