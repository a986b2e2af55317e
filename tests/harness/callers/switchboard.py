"""Puts a scenario through a caller, and judges what it read."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal

import httpx2

from tests.harness.bounded.ask import OK, NoAnswer, ask
from tests.harness.callers import chat, messages, responses
from tests.harness.callers.rules import CLIENT_VIEW
from tests.harness.callers.taped import Taped, tape, tape_async
from tests.harness.callers.told import Told, judge_mentions, judge_result, judge_view
from tests.harness.catalogue.requests import expected_calls, query_body
from tests.harness.catalogue.run_calls import run_calls
from tests.harness.exchange.recorder import Recorder
from tests.harness.exchange.sse import read_events
from tests.harness.recordings import Recordings
from tests.harness.records.case import Case
from tests.harness.records.exchange import Exchange
from tests.harness.records.finding import Finding
from tests.harness.records.observed import Sight
from tests.harness.strict_json import strict_json

Caller = Literal[
    "asyncio", "helper", "lines", "responses-stream", "responses-whole", "messages-stream", "messages-whole"
]
CALLERS: tuple[Caller, ...] = (
    "asyncio", "helper", "lines", "responses-stream", "responses-whole", "messages-stream", "messages-whole",
)  # fmt: skip
Surface = Literal["responses", "messages"]
SURFACES: tuple[Surface, ...] = ("responses", "messages")
_PATHS = {"responses": responses.PATH, "messages": messages.PATH}
_LISTING_S = 10.0


class Switchboard:
    """Belongs to one deployment."""

    def __init__(self, recordings: Recordings) -> None:
        """Asks the server which addresses it has."""
        self.live = recordings.live
        self._recordings = recordings
        self._recorder = Recorder(self.live.deployment.base_url, self.live.deployment.api_key)
        self._paths = self._listed()

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def obstacle(self, caller: str) -> str:
        """Why a caller means nothing to this server; empty if it does."""
        path = _PATHS.get(caller.partition("-")[0])
        if path is None or self._paths is None or path in self._paths:
            return ""
        return f"the server does not list {path} in its /openapi.json"

    def query(self, case: Case, caller: Caller) -> Sight:
        """Round one."""
        name = f"{case.id}/{caller}"
        if caller in {"asyncio", "helper", "lines"}:
            return self._chat(case, caller, name)
        surface, _, mode = caller.partition("-")
        kind = responses if surface == "responses" else messages
        body = kind.query(case, self.live.deployment.model, stream=mode == "stream")
        taped = self._taped(name, body, kind.send)
        return self._sight(taped, mode, lambda: self._of_surface(kind, taped, mode, case))

    def follow_up(self, case: Case, surface: Surface) -> Sight:
        """The round after the tools ran, on a correct history."""
        kind = responses if surface == "responses" else messages
        calls = expected_calls(case)
        body = kind.follow_up(case, self.live.deployment.model, calls, run_calls(calls))
        taped = self._taped(f"{case.id}/{surface}/follow-up", body, kind.send)
        return self._sight(
            taped,
            "whole",
            lambda: judge_mentions(kind.told_of(strict_json(taped.exchange.body.decode())), case),
        )

    def _chat(self, case: Case, caller: Caller, name: str) -> Sight:
        deployment = self.live.deployment
        body = query_body(case, "stream", deployment.model)
        if caller == "asyncio":
            self._recordings.require_hope()
            taped = tape_async(
                self._recorder,
                name,
                self._recordings.limits(body),
                lambda transport: chat.by_asyncio(body, deployment, transport),
            )
        else:
            taped = self._taped(name, body, chat.by_helper)
        if caller == "lines":
            taped = _by_lines(taped.exchange)
        raw = chat.raw_chat(taped.exchange)
        return self._sight(
            taped, "stream", lambda: [*judge_view(_view(taped), raw), *judge_result(raw, case)]
        )

    def _taped(
        self,
        name: str,
        body: dict[str, Any],
        send: Callable[[dict[str, Any], Any, httpx2.BaseTransport], Told],
    ) -> Taped:
        self._recordings.require_hope()
        limits = self._recordings.limits(body)
        return tape(
            self._recorder, name, limits, lambda transport: send(body, self.live.deployment, transport)
        )

    def _of_surface(self, kind: Any, taped: Taped, mode: str, case: Case) -> Iterator[Finding]:
        if mode == "whole":
            raw = kind.told_of(strict_json(taped.exchange.body.decode()))
            yield from judge_view(_view(taped), raw)
            yield from judge_result(raw, case)
            return
        events = [event.json for event in read_events(taped.exchange.frames) if event.json is not None]
        disorder = list(kind.judge_events(events))
        yield from disorder
        if not any(finding.symptom == "out-of-order" for finding in disorder):
            raw = kind.told_of(events[-1]["response"]) if kind is responses else messages.joined(events)
            yield from judge_view(_view(taped), _as_client_reads(kind, raw))
            yield from judge_result(raw, case)

    def _sight(self, taped: Taped, mode: str, judge: Callable[[], Any]) -> Sight:
        exchange = taped.exchange
        self._recordings.note(exchange, time.monotonic() - exchange.ended_at)
        if exchange.status != OK or exchange.error:
            got = (
                exchange.error
                or f"status {exchange.status}: {exchange.body[:300].decode('utf-8', 'replace')}"
            )
            findings: tuple[Finding, ...] = (_refused("status 200", got),)
        elif mode == "stream" and (error := _error_in(exchange)):
            findings = (_refused("a stream without an error in it", error),)
        else:
            findings = tuple(_shaped(judge))
        self._recordings.keep(exchange)
        return Sight(findings, exchange=exchange.key.name, mode="stream" if mode == "stream" else "whole")

    def _listed(self) -> frozenset[str] | None:
        """The addresses that the server says it has; None where it does not say: then each is asked."""
        deployment = self.live.deployment
        if self.live.recorded:
            return frozenset()
        try:
            listing = ask(deployment.base_url, "/openapi.json", _LISTING_S, api_key=deployment.api_key)
            return frozenset(listing.json()["paths"])
        except (NoAnswer, ValueError, LookupError, TypeError):
            return None


def _error_in(exchange: Exchange) -> str:
    """The first event that is an error, in the words of any of the addresses; empty if there is none."""
    events = (event.json for event in read_events(exchange.frames) if event.json is not None)
    return next(
        (json.dumps(event) for event in events if event.get("error") or event.get("type") == "error"), ""
    )


def _shaped(judge: Callable[[], Any]) -> list[Finding]:
    """What a judge says; an answer in which it does not find what the address promises is malformed."""
    try:
        return list(judge())
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        said = CLIENT_VIEW.symptoms["malformed"]
        wanted = "the objects and fields that the API's reference names"
        return [CLIENT_VIEW.finding("malformed", said, wanted, f"{type(error).__name__}: {error}")]


def _refused(wanted: str, got: str) -> Finding:
    return CLIENT_VIEW.finding("refused", CLIENT_VIEW.symptoms["refused"], wanted, got)


def _view(taped: Taped) -> Told:
    return Told((), error=taped.error) if taped.error else taped.view


def _by_lines(exchange: Exchange) -> Taped:
    try:
        return Taped(exchange, chat.by_lines(exchange), "")
    except ValueError as error:
        return Taped(exchange, None, f"{type(error).__name__}: {error}")


def _as_client_reads(kind: Any, raw: Told) -> Told:
    """The anthropic client gives arguments as objects: their spelling is lost."""
    if kind is responses:
        return raw
    try:
        calls = tuple((name, _respelled(arguments)) for name, arguments in raw.calls)
    except ValueError:
        return raw
    return Told(calls, raw.text, raw.ended_for_calls)


def _respelled(arguments: str) -> str:
    return json.dumps(json.loads(arguments), ensure_ascii=False)
