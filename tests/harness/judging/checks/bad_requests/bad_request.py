"""A request that has to be refused is refused clearly, and the refusal shows nothing of the server's inside."""

import re
from collections.abc import Iterator

from tests.harness.core.records.bad_request import BadRequest, Reaction
from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.checks.support.refusals import WANTED, refusal_of

_FINE = range(200, 300)
_REFUSED = range(400, 500)
_SERVER_ERROR = 500
_INSIDE = re.compile(
    r"Traceback \(most recent call last\)|File \"[^\"]*\", line \d+|\w+\.py:\d+"
    r"|(?:/[\w.-]+)+/(?:site-packages|dist-packages)/|(?<![\w/.:])/(?:root|home|usr|opt|var|tmp|srv|workspace)/[\w./-]+"
)
_SHOWN = 400


def judge_reaction(bad: BadRequest, reaction: Reaction, known: str) -> list[Finding]:
    """Return all that is wrong with a reaction; `known` is what the client knows, so that its echo shows nothing."""
    return [_finding(symptom, got, bad) for symptom, got in _symptoms(bad, reaction, known)]


def _symptoms(bad: BadRequest, reaction: Reaction, known: str) -> Iterator[tuple[str, str]]:
    if reaction.status is None:
        yield "no-answer", reaction.broken
        return
    text = reaction.body.decode("utf-8", "replace")
    got = f"status {reaction.status}: {text[:_SHOWN]}"
    # What is answered may be about paths: they are the model's own words.
    if reaction.status >= _REFUSED.start and (inside := _inside(text, known)):
        yield "inside-out", f"{inside} in: {got}"
    if symptom := _of_status(bad, reaction.status) or _of_refusal(bad, reaction.status, text):
        yield symptom, got


def _inside(text: str, known: str) -> str:
    """Return the first place that shows the server's inside; a full stop or slash behind an echo is no part of it."""
    places = (match.group() for match in _INSIDE.finditer(text))
    return next((place for place in places if place.rstrip("./") not in known), "")


def _of_status(bad: BadRequest, status: int) -> str:
    if status >= _SERVER_ERROR:
        return "server-error"
    if status in _FINE:
        return "" if bad.may_accept else "accepted"
    return "odd-status" if status not in _REFUSED or status != (bad.status or status) else ""


def _of_refusal(bad: BadRequest, status: int, text: str) -> str:
    if status not in _REFUSED:
        return ""
    refusal = refusal_of(status, text, bad.path, before_api=bad.before_api)
    if refusal is None:
        return "no-error-object"
    if refusal.lacks:
        return "silent"
    is_named = not bad.names or any(_holds(refusal.message, name) for name in bad.names)
    return "" if is_named else "no-field"


def _holds(message: str, name: str) -> bool:
    """Return whether a message has a name as a word of its own, or its plural."""
    plural = "s?" if len(name) > 1 else ""
    return re.search(rf"(?<!\w){re.escape(name)}{plural}(?!\w)", message, re.IGNORECASE) is not None


_WANTED = {
    "accepted": "a status of 400 to 499",
    "server-error": "a status of 400 to 499: the mistake is the client's",
    "no-answer": "a status of 400 to 499",
    "no-error-object": WANTED,
    "silent": WANTED,
    "inside-out": "a message about the request, and nothing about the server",
}


def _finding(symptom: str, got: str, bad: BadRequest) -> Finding:
    wanted = {
        **_WANTED,
        "odd-status": f"status {bad.status}" if bad.status else "a status of 400 to 499",
        "no-field": f"an error that says {' or '.join(bad.names)}",
    }[symptom]
    return CHECK.finding(symptom, f"{bad.why} {CHECK.symptoms[symptom]}", wanted, got)


CHECK = Check(
    "bad-request",
    {
        "accepted": "The server answers as if nothing were wrong.",
        "server-error": "The server calls the client's mistake its own: a status of 500 or more.",
        "no-answer": "No whole answer comes, though the server lives.",
        "odd-status": "The status is neither that of an answer nor that of a client's mistake, or not the one for it.",
        "no-error-object": "The refusal holds no JSON object with a message.",
        "silent": "The refusal's error object has no message or no type.",
        "no-field": "The refusal does not say which field is wrong.",
        "inside-out": "The refusal shows the server's inside: a stack trace, or a path of its disk.",
    },
    "https://platform.openai.com/docs/guides/error-codes/api-errors",
    harm={"server-error": "outage", "no-answer": "outage"},
)
NEVER = frozenset(CHECK[symptom].name for symptom in ("server-error", "no-answer", "inside-out"))
"""Names of what no request may bring about; whether it is answered or refused is the server's to say."""
