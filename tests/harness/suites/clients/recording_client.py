"""Asks by a client, records the answer, and makes an observation of it."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

import httpx2

from tests.harness.core.http.ask import OK
from tests.harness.core.http.limits import Limits
from tests.harness.core.records.case import Mode
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.figure import Figure
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation
from tests.harness.core.strict_json import strict_json
from tests.harness.judging.checks.clients import (
    client_view,
    messages_events,
    messages_object,
    responses_events,
    responses_object,
)
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.sse import read_events
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients import batch, chat, invocations, messages, responses
from tests.harness.suites.clients.captured_call import CapturedCall, capture, capture_async
from tests.harness.suites.clients.endpoint import Address, EndpointAdapter
from tests.harness.suites.clients.langchain_chat import by_langchain
from tests.harness.suites.clients.plain_http import fetch, post

ADAPTERS: dict[str, EndpointAdapter] = {"responses": responses, "messages": messages}
ADDRESSES: dict[str, Address] = {**ADAPTERS, "batch": batch, "invocations": invocations}
_EVENTS = {"responses": responses_events.judge_events, "messages": messages_events.judge_events}
_OBJECTS = {"responses": responses_object, "messages": messages_object}
_OUT_OF_ORDER = frozenset({responses_events.OUT_OF_ORDER.name, messages_events.OUT_OF_ORDER.name})
MALFORMED = (ValueError, LookupError, TypeError, AttributeError)
"""What a reader raises over an answer that lacks what its address promises."""
T = TypeVar("T")
Judging = Callable[[ClientResult], Iterable[Finding]]


class RecordingClient:
    """Belongs to one deployment."""

    def __init__(self, answer_store: AnswerStore) -> None:
        """Take a deployment's answers; nothing is sent yet."""
        self.deployment = answer_store.server.deployment
        self._answers = answer_store
        self._recorder = Recorder(self.deployment.base_url, self.deployment.api_key)

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def by_asyncio(self, name: str, body: dict[str, Any]) -> CapturedCall:
        """Ask the chat address by the client for asyncio; return the answer and what the client makes of it."""
        return self._counted(
            body,
            lambda limits: capture_async(
                self._recorder,
                name,
                limits,
                lambda transport: chat.by_asyncio(body, self.deployment, transport),
            ),
        )

    def by_helper(self, name: str, body: dict[str, Any]) -> CapturedCall:
        """Ask the chat address by the client's helper for streams; return the answer and what it makes of it."""
        return self._captured(name, body, chat.by_helper)

    def by_langchain(self, name: str, body: dict[str, Any]) -> CapturedCall:
        """Ask the chat address by LangChain's client; return the answer and what the client makes of it."""
        return self._captured(name, body, by_langchain)

    def by_lines(self, name: str, body: dict[str, Any]) -> CapturedCall:
        """Ask the chat address and read its stream by lines; return the answer and what such a reader makes of it."""
        exchange = self.by_helper(name, body).exchange
        try:
            return CapturedCall(exchange, chat.by_lines(exchange), "")
        except MALFORMED as error:
            return CapturedCall(exchange, None, f"{type(error).__name__}: {error}")

    def asked(self, endpoint: str, name: str, body: dict[str, Any]) -> CapturedCall:
        """Ask another address by its client; return the answer and what the client makes of it."""
        return self._captured(name, body, ADDRESSES[endpoint].send)

    def judged(self, endpoint: str, captured: CapturedCall, judge: Judging) -> Iterator[Finding]:
        """Judge the events of a stream, the object, what the client made of the bytes, and by `judge` what they say."""
        exchange = captured.exchange
        streamed = exchange.key.mode == "stream"
        if streamed and endpoint in _EVENTS:
            disorder = list(_EVENTS[endpoint](events_of(exchange)))
            yield from disorder
            if any(finding.name in _OUT_OF_ORDER for finding in disorder):
                return
        if checks := _OBJECTS.get(endpoint):
            yield from checks.judge_object(self.object_of(endpoint, exchange))
        raw = self.raw(endpoint, exchange)
        yield from client_view.judge_view(view_of(captured), raw)
        yield from judge(raw)

    def object_of(self, endpoint: str, exchange: Exchange) -> dict[str, Any]:
        """Return the response or message as a whole, whichever way it came."""
        if exchange.key.mode == "stream":
            return dict(_OBJECTS[endpoint].object_in(events_of(exchange)))
        whole: dict[str, Any] = strict_json(exchange.body.decode())
        return whole

    def readable_object(self, endpoint: str, exchange: Exchange) -> dict[str, Any] | None:
        """Return the response or message as a whole; None where there is none: its own item shows that."""
        return _if_readable(exchange, lambda: self.object_of(endpoint, exchange))

    def fetched(self, path: str, name: str) -> CapturedCall:
        """Fetch any path by plain HTTP; the client's view is the answer's JSON."""
        return self._captured(name, {}, lambda _, *asked: fetch(path, *asked))

    def posted(self, path: str, name: str, body: dict[str, Any]) -> CapturedCall:
        """Ask any path by plain HTTP; the client's view is the answer's JSON."""
        return self._captured(name, body, partial(post, path))

    def raw(self, endpoint: str, exchange: Exchange) -> ClientResult:
        """Return what the bytes say, arguments spelled as the client of this address gives them."""
        address = ADDRESSES[endpoint]
        if exchange.key.mode == "whole":
            return address.result_of(strict_json(exchange.body.decode()))
        return address.as_client_reads(address.joined(events_of(exchange)))

    def sight(
        self, captured: CapturedCall, judge: Callable[[], Iterable[Finding]], figures: tuple[Figure, ...] = ()
    ) -> Observation:
        """Return what an answer shows; `judge` looks at one that came whole and without an error."""
        refused = refusal_of(captured.exchange)
        return self.noted(captured, (refused,) if refused else _shaped(judge), figures)

    def noted(
        self, captured: CapturedCall, findings: Iterable[Finding], figures: tuple[Figure, ...] = ()
    ) -> Observation:
        """Save an answer; return what it shows."""
        mode: Mode = "stream" if captured.exchange.key.mode == "stream" else "whole"
        name = self.saved(captured)
        return Observation(tuple(findings), figures, exchange=name, mode=mode)

    def partner(self, endpoint: str, captured: CapturedCall) -> ClientResult | None:
        """Return what others are compared with; None where the answer says nothing: its own item shows it."""
        self.saved(captured)
        return self.readable(endpoint, captured.exchange)

    def readable(self, endpoint: str, exchange: Exchange) -> ClientResult | None:
        """Return what the bytes say; None where they say nothing."""
        return _if_readable(exchange, lambda: self.raw(endpoint, exchange))

    def saved(self, captured: CapturedCall) -> str:
        """Save the recording; return its name."""
        return self._answers.keep(captured.exchange)

    def _captured(
        self,
        name: str,
        body: dict[str, Any],
        send: Callable[[dict[str, Any], Deployment, httpx2.BaseTransport], Any],
    ) -> CapturedCall:
        return self._counted(
            body,
            lambda limits: capture(
                self._recorder, name, limits, lambda transport: send(body, self.deployment, transport)
            ),
        )

    def _counted(self, body: dict[str, Any], ask: Callable[[Limits], CapturedCall]) -> CapturedCall:
        """Ask a server that is there, and count what was waited for in vain: also where nobody looks at it."""
        self._answers.require_available()
        start = time.monotonic()
        captured = ask(self._answers.limits(body))
        self._answers.note(captured.exchange, start)
        return captured


def refusal_of(exchange: Exchange) -> Finding | None:
    """Return why an answer holds nothing to judge: another status, a transfer that broke, an error in the stream."""
    if exchange.status != OK or exchange.error:
        status = f"status {exchange.status}: {exchange.body[:300].decode('utf-8', 'replace')}"
        return client_view.refused("status 200", exchange.error or status)
    error = _error_in(exchange) if exchange.key.mode == "stream" else ""
    return client_view.refused("a stream without an error in it", error) if error else None


def _error_in(exchange: Exchange) -> str:
    """Return the first event that is an error, in the words of any of the addresses; empty if there is none."""
    errors = (event for event in events_of(exchange) if event.get("error") or event.get("type") == "error")
    return next(map(json.dumps, errors), "")


def events_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the events of a stream that are JSON objects."""
    return [event.json for event in read_events(exchange.frames) if event.json is not None]


def _if_readable(exchange: Exchange, read: Callable[[], T]) -> T | None:
    """Return what is read of an answer; None where it says nothing."""
    if refusal_of(exchange):
        return None
    try:
        return read()
    except MALFORMED:
        return None


def _shaped(judge: Callable[[], Any]) -> list[Finding]:
    """Return what a judge finds; an answer in which it does not find what the address promises is malformed."""
    try:
        return list(judge())
    except MALFORMED as error:
        return [client_view.malformed(error)]


def view_of(captured: CapturedCall) -> ClientResult:
    """Return what the client made of the answer, its exception if it made none."""
    return ClientResult((), error=captured.error) if captured.error else captured.view
