"""What a refusal has to look like."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.harness.core.records.bad_request import BadRequest, Reaction
from tests.harness.core.records.finding import Finding
from tests.harness.core.strict_json import strict_json
from tests.harness.judging.checks.bad_requests.rules import BAD_REQUEST

_FINE = range(200, 300)
_REFUSED = range(400, 500)
_SERVER_ERROR = 500
_INSIDE = re.compile(
    r"Traceback \(most recent call last\)|File \"[^\"]*\", line \d+|\w+\.py:\d+"
    r"|(?:/[\w.-]+)+/(?:site-packages|dist-packages)/|(?<![\w/.:])/(?:root|home|usr|opt|var|tmp|srv|workspace)/[\w./-]+"
)
_SHOWN = 400


def judge_reaction(bad: BadRequest, reaction: Reaction, said: str) -> list[Finding]:
    """All that is wrong with what came back; `said` is what the client knows, so that its echo shows nothing."""
    return [_finding(symptom, got, bad) for symptom, got in _flaws(bad, reaction, said)]


def _flaws(bad: BadRequest, reaction: Reaction, said: str) -> Iterator[tuple[str, str]]:
    if reaction.status is None:
        yield "no-answer", reaction.broken
        return
    text = reaction.body.decode("utf-8", "replace")
    got = f"status {reaction.status}: {text[:_SHOWN]}"
    # What is answered may be about paths: they are the model's own words.
    if reaction.status >= _REFUSED.start and (inside := _inside(text, said)):
        yield "inside-out", f"{inside} in: {got}"
    if flaw := _of_status(bad, reaction.status) or _of_refusal(bad, reaction.status, text):
        yield flaw, got


def _inside(text: str, said: str) -> str:
    """The first place that shows the server's inside; a full stop or slash behind an echoed path is no part of it."""
    places = (found.group() for found in _INSIDE.finditer(text))
    return next((place for place in places if place.rstrip("./") not in said), "")


def _of_status(bad: BadRequest, status: int) -> str:
    if status >= _SERVER_ERROR:
        return "server-error"
    if status in _FINE:
        return "" if bad.may_accept else "accepted"
    return "odd-status" if status not in _REFUSED or status != (bad.status or status) else ""


def _of_refusal(bad: BadRequest, status: int, text: str) -> str:
    if status not in _REFUSED:
        return ""
    message = _message(text)
    if message is None:
        return "no-error-object"
    is_named = not bad.names or any(_holds(message, name) for name in bad.names)
    return "" if is_named else "no-field"


def _holds(message: str, name: str) -> bool:
    """Whether a word of the message begins with a name; one letter has to be a word of its own."""
    end = "(?![a-z])" if len(name) == 1 else ""
    return re.search(rf"(?<![a-z]){re.escape(name.lower())}{end}", message.lower()) is not None


def _message(text: str) -> str | None:
    """What the error says: OpenAI's form, vLLM's older one, or its web framework's; None: it is none of them."""
    try:
        found: Any = strict_json(text)
    except ValueError:
        return None
    match found:
        case {"error": {"message": str(message), **rest}} | {"message": str(message), **rest}:
            return f"{message} {rest.get('param')}"
        case {"detail": str() | [*_] as said} | {"error": str() as said}:
            return json.dumps(said, ensure_ascii=False)
    return None


_WANTED = {
    "accepted": "a status of 400 to 499",
    "server-error": "a status of 400 to 499: the mistake is the client's",
    "no-answer": "a status of 400 to 499",
    "no-error-object": 'a JSON object with a message, as {"error": {"message": ...}}',
    "inside-out": "a message about the request, and nothing about the server",
}


def _finding(symptom: str, got: str, bad: BadRequest) -> Finding:
    wanted = {
        **_WANTED,
        "odd-status": f"status {bad.status}" if bad.status else "a status of 400 to 499",
        "no-field": f"an error that says {' or '.join(bad.names)}",
    }[symptom]
    return BAD_REQUEST.finding(symptom, f"{bad.why} {BAD_REQUEST.symptoms[symptom]}", wanted, got)
