"""Ask a server that answers what it is, before a single case is sent. Every refusal is one clear sentence.

A server that cannot be asked is refused. One that is up and fails at a right question (5xx), or refuses it because of
the tools on offer although it was started for them, is broken, and judged.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.harness.core.http.ask import OK, Answered, NoAnswer, ask
from tests.harness.core.printable import truncated
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.external import KEY_VARIABLE
from tests.harness.servers.provider import ServerHandle

UNKNOWN = "unknown"
_MODELS, _CHAT = "/v1/models", "/v1/chat/completions"
_LONGEST_NAME = 300
_LISTED = 10
_SHOWN = 80
_FAILURES = range(500, 600)
_OF_GATEWAYS = (502, 503, 504)
"""Statuses that say that nobody was there to answer, or not now."""
_REFUSED = 400
_SHOWN_FAILURE = 300
_VERSION = re.compile(r"[\w.+-]{1,80}", re.ASCII)
_ANSWER_S = 30.0
_FIRST_ANSWER_S = 120.0
_PROBE_TOOL = {
    "type": "function",
    "function": {"name": "probe", "parameters": {"type": "object", "properties": {}}},
}


@dataclass(frozen=True)
class ServerFacts:
    """What a server says about itself."""

    model: str
    vllm_version: str
    """`unknown` where the server has no `/version`."""
    first_failure: str = ""
    """What it answered to the first question with tools, where it failed at it; empty: it did not."""


def identify(
    server: ServerHandle,
    wanted_model: str | None,
    parser: str,
    answer_timeout_s: float = _FIRST_ANSWER_S,
    *,
    managed: bool = False,
) -> ServerFacts:
    """Return version and model of a server, proven to take tools or to fail at them. Raises InfrastructureError.

    `parser` is the one that is judged: a server without its tool flags is started with it. A `managed` one has them.
    No answer is waited for longer than `answer_timeout_s`, and none that takes no thinking longer than 30 s.
    """
    model = _one_model(_listing(server, min(_ANSWER_S, answer_timeout_s)), server.base_url, wanted_model)
    question = _Question(server, model, min(_FIRST_ANSWER_S, answer_timeout_s))
    failure = _failure_with_tools(question, parser, managed=managed)
    return ServerFacts(model, _version(server, min(_ANSWER_S, answer_timeout_s)), failure)


def _listing(server: ServerHandle, within_s: float) -> dict[str, Any]:
    url = f"{server.base_url}{_MODELS}"
    try:
        answer = ask(server.base_url, _MODELS, within_s, api_key=server.api_key)
    except NoAnswer as error:
        raise InfrastructureError(f"{url}: no answer ({error}); {_hint(error)}") from error
    if answer.is_redirect:
        where = truncated(answer.headers.get("location", "nowhere"))
        raise InfrastructureError(f"{url} redirects to {where}; give that address as the target")
    if answer.status in (401, 403):
        raise InfrastructureError(f"{url} answers {answer.status}: it wants an API key; set {KEY_VARIABLE}")
    if answer.status in _FAILURES:
        raise InfrastructureError(
            f"{url} answers {answer.status} ({_beginning(answer)}): the server or a proxy before it fails; see its log"
        )
    if answer.status != OK:
        raise InfrastructureError(
            f"{url} answers {answer.status}: this is no OpenAI-compatible server, or not its root; give the address"
            " in front of /v1, e.g. http://host:8000"
        )
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        kind = truncated(answer.headers.get("content-type", "no content type"))
        raise InfrastructureError(
            f"{url} answers {kind}, not a JSON object: this is no OpenAI-compatible server;"
            f" its answer begins with {_beginning(answer)}"
        )
    return found


def _one_model(listing: dict[str, Any], base_url: str, model: str | None) -> str:
    names = _names(listing)
    if model is not None:
        if model not in names:
            raise InfrastructureError(
                f"{base_url} does not serve {model!r}; it lists {_shown(names) or 'no model'}"
            )
        return model
    if not names:
        raise InfrastructureError(
            f"{base_url} serves no model (/v1/models lists none that can be named); it says"
            f" '{truncated(json.dumps(listing)[:_SHOWN])}'"
        )
    if len(names) > 1:
        raise InfrastructureError(
            f"{base_url} serves several models ({_shown(names)}); name one: --target '{base_url}[model={names[0]}]'"
        )
    return names[0]


def _hint(error: NoAnswer) -> str:
    if error.unreachable:
        return "is the server running?"
    return (
        "something is there, and does not answer as vLLM does: a wrong port, a proxy in between, or a server that is"
        " stuck; see its log"
    )


def _beginning(answer: Answered) -> str:
    return f"'{truncated(answer.text[:_SHOWN])}'"


def _names(listing: dict[str, Any]) -> list[str]:
    """Return the models that a server lists. A name goes into requests, files and messages: one that cannot is none."""
    entries = listing.get("data")
    names = (
        [entry.get("id") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    )
    return [
        name
        for name in names
        if isinstance(name, str) and name.isprintable() and 0 < len(name) <= _LONGEST_NAME
    ]


def _shown(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


@dataclass(frozen=True)
class _Question:
    """The first question to a server, with a tool on offer or without."""

    server: ServerHandle
    model: str
    within_s: float

    @property
    def url(self) -> str:
        return f"{self.server.base_url}{_CHAT}"

    def ask(self, **offer: object) -> Answered:
        """Return the answer to the question with these fields beside it. Raises InfrastructureError."""
        messages = [{"role": "user", "content": "Hello"}]
        body = {"model": self.model, "messages": messages, "max_tokens": 1, **offer}
        try:
            return ask(self.server.base_url, _CHAT, self.within_s, api_key=self.server.api_key, body=body)
        except NoAnswer as error:
            raise InfrastructureError(
                f"{self.url}: the server took a first question and broke off ({error}); see its log, or give it longer"
                " with --answer-timeout"
            ) from error


def _failure_with_tools(question: _Question, parser: str, *, managed: bool) -> str:
    """Return how the server fails at a question with tools; empty if it does not. Raises InfrastructureError."""
    answer = question.ask(tools=[_PROBE_TOOL], tool_choice="auto")
    if answer.status == OK:
        return ""
    if answer.is_redirect:
        where = truncated(answer.headers.get("location", "nowhere"))
        raise InfrastructureError(f"{question.url} redirects to {where}; give that address as the target")
    message = truncated(" ".join(answer.text.split()), _SHOWN_FAILURE)
    wants_flags = "tool" in message and not managed
    if answer.status in _FAILURES and answer.status not in _OF_GATEWAYS:
        return f"status {answer.status}: {message}"
    if answer.status == _REFUSED and not wants_flags and question.ask().status == OK:
        return f"status {answer.status}, and not without tools: {message}"
    hint = (
        f"start it with --enable-auto-tool-choice --tool-call-parser {parser}"
        if wants_flags
        else "see its log"
    )
    raise InfrastructureError(
        f"{question.url}: the server refuses a question with tools ({answer.status}): {message}; {hint}"
    )


def _version(server: ServerHandle, within_s: float) -> str:
    """Return `unknown` unless the server says it in a way that can be a version: it goes into files and messages."""
    try:
        answer = ask(server.base_url, "/version", within_s, api_key=server.api_key)
        body = answer.json() if answer.status == OK else None
    except (NoAnswer, ValueError):
        return UNKNOWN
    version = body.get("version") if isinstance(body, dict) else None
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else UNKNOWN
