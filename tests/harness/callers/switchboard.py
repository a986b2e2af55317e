"""Puts a scenario through a caller, and judges what it read."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import httpx2

from tests.harness.bounded.ask import OK, NoAnswer, ask
from tests.harness.callers import chat, messages, messages_events, responses, responses_events
from tests.harness.callers.address import Address
from tests.harness.callers.rules import CLIENT_VIEW
from tests.harness.callers.taped import Taped, tape, tape_async
from tests.harness.callers.told import (
    Told,
    judge_alike,
    judge_mentions,
    judge_modes,
    judge_result,
    judge_runs,
    judge_view,
)
from tests.harness.catalogue.requests import expected_calls, query_body
from tests.harness.catalogue.run_calls import run_calls
from tests.harness.exchange.recorder import Recorder
from tests.harness.exchange.sse import read_events
from tests.harness.recordings import Recordings
from tests.harness.records.case import Case, Mode
from tests.harness.records.errors import InfrastructureError
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
_ADDRESSES: dict[str, Address] = {"responses": responses, "messages": messages}
_JUDGES = {"responses": responses_events.judge_events, "messages": messages_events.judge_events}
_LISTING_S = 10.0
Judging = Callable[[Told], Iterable[Finding]]


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
        address = _ADDRESSES.get(caller.partition("-")[0])
        if address is None or self._paths is None or address.PATH in self._paths:
            return ""
        return f"the server does not list {address.PATH} in its /openapi.json"

    def query(self, case: Case, caller: Caller) -> Sight:
        """Round one."""
        name = f"{case.id}/{caller}"
        if caller in {"asyncio", "helper", "lines"}:
            return self._chat(case, caller, name)
        surface, _, mode = caller.partition("-")
        taped = self._asked(surface, name, self._query_body(case, surface, mode))
        return self._sight(taped, lambda: self._judged(surface, taped, self._result_of(case)))

    def follow_up(self, case: Case, surface: Surface, mode: Mode) -> Sight:
        """The round after the tools ran, on a correct history, so that a defect in round one cannot hide it."""
        address = _ADDRESSES[surface]
        turn = address.turn_of(expected_calls(case))
        name = f"{case.id}/{surface}/follow-up"
        taped = self._asked(surface, name, self._follow_up_body(case, surface, turn, mode))
        if mode == "whole" or not self.live.deployment.profile.stable:
            return self._sight(
                taped, lambda: self._judged(surface, taped, lambda raw: judge_mentions(raw, case))
            )
        whole = self._asked(surface, name, self._follow_up_body(case, surface, turn, "whole"))

        def judge(raw: Told) -> Iterator[Finding]:
            yield from judge_mentions(raw, case)
            yield from judge_modes(raw, self._raw(surface, whole.exchange))

        return self._sight(taped, lambda: self._judged(surface, taped, judge))

    def chained(self, case: Case, surface: Surface, mode: Mode) -> Sight:
        """Both rounds as a program goes through them: what its client made of round one is its history."""
        address, name = _ADDRESSES[surface], f"{case.id}/{surface}/chained"
        first = self._asked(surface, f"{name}-query", self._query_body(case, surface, mode))
        came = _view(first)
        runs = run_calls(address.calls_in(came.turn))

        def judge_first() -> Iterable[Finding]:
            if came.error:
                return self._judged(surface, first, self._result_of(case))
            return list(self._result_of(case)(came)) or judge_runs(runs)

        sight = self._sight(first, judge_first)
        if sight.findings:
            return sight
        body = self._follow_up_body(case, surface, came.turn, mode)
        second = self._asked(surface, name, body)
        return self._sight(
            second, lambda: self._judged(surface, second, lambda raw: judge_mentions(raw, case))
        )

    def forced(self, case: Case, chat_body: dict[str, Any], answer: Exchange) -> Sight:
        """What the model is made to say, at `/v1/responses`; `answer`: what the chat address made of it.

        Raises InfrastructureError where the text was not forced.
        """
        name = f"{case.id}/responses/forced"
        body = responses.forced(case, chat_body)
        self._require_forced(case, {name: value for name, value in body.items() if name != "tools"})
        taped = self._asked("responses", name, body)
        chat_told = chat.raw_told(answer)
        return self._sight(
            taped, lambda: self._judged("responses", taped, lambda raw: judge_alike(raw, chat_told))
        )

    def _require_forced(self, case: Case, body: dict[str, Any]) -> None:
        echo = self._asked("responses", f"{case.id}/responses/echo", body)
        if _view(echo).text != case.text:
            raise InfrastructureError(
                f"{case.id}: the text could not be forced at {responses.PATH}, so nothing can be judged;"
                f" wanted {case.text!r}, the echo gave {_view(echo).said}"
            )

    def _query_body(self, case: Case, surface: str, mode: str) -> dict[str, Any]:
        return _ADDRESSES[surface].query(case, self.live.deployment.model, stream=mode == "stream")

    def _follow_up_body(self, case: Case, surface: str, turn: Any, mode: str) -> dict[str, Any]:
        address = _ADDRESSES[surface]
        results = [run.result or "" for run in run_calls(address.calls_in(turn))]
        return address.follow_up(case, self.live.deployment.model, turn, results, stream=mode == "stream")

    def _result_of(self, case: Case) -> Judging:
        return lambda raw: judge_result(raw, case, self.live.deployment.profile)

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
        raw = chat.raw_told(taped.exchange)
        return self._sight(taped, lambda: [*judge_view(_view(taped), raw), *self._result_of(case)(raw)])

    def _asked(self, surface: str, name: str, body: dict[str, Any]) -> Taped:
        return self._taped(name, body, _ADDRESSES[surface].send)

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

    def _judged(self, surface: str, taped: Taped, judge: Judging) -> Iterator[Finding]:
        """The events of a stream, what the client made of the bytes, and what `judge` says of what they say."""
        if taped.exchange.key.mode == "stream":
            disorder = list(_JUDGES[surface](_events(taped.exchange)))
            yield from disorder
            if any(finding.symptom == "out-of-order" for finding in disorder):
                return
        raw = self._raw(surface, taped.exchange)
        yield from judge_view(_view(taped), raw)
        yield from judge(raw)

    def _raw(self, surface: str, exchange: Exchange) -> Told:
        """What the bytes say, arguments spelled as the client of this address gives them."""
        address = _ADDRESSES[surface]
        if exchange.key.mode == "whole":
            return address.told_of(strict_json(exchange.body.decode()))
        return address.as_client_reads(address.joined(_events(exchange)))

    def _sight(self, taped: Taped, judge: Callable[[], Any]) -> Sight:
        exchange = taped.exchange
        self._recordings.note(exchange, time.monotonic() - exchange.ended_at)
        if exchange.status != OK or exchange.error:
            got = (
                exchange.error
                or f"status {exchange.status}: {exchange.body[:300].decode('utf-8', 'replace')}"
            )
            findings: tuple[Finding, ...] = (_refused("status 200", got),)
        elif exchange.key.mode == "stream" and (error := _error_in(exchange)):
            findings = (_refused("a stream without an error in it", error),)
        else:
            findings = tuple(_shaped(judge))
        self._recordings.keep(exchange)
        return Sight(
            findings, exchange=exchange.key.name, mode="stream" if exchange.key.mode == "stream" else "whole"
        )

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
    found = (event for event in _events(exchange) if event.get("error") or event.get("type") == "error")
    return next(map(json.dumps, found), "")


def _events(exchange: Exchange) -> list[dict[str, Any]]:
    return [event.json for event in read_events(exchange.frames) if event.json is not None]


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
