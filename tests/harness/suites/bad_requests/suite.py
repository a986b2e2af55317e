"""Sends bad requests to a deployment, and looks after each whether the server is as it was."""

import hashlib
import json
import time
from contextlib import AbstractContextManager
from typing import Any

from tests.harness.core.http.ask import OK, Answered, NoAnswer, ask
from tests.harness.core.http.limits import Limits
from tests.harness.core.http.open_response import BROKEN, Opened, describe_error, open_response
from tests.harness.core.http.redactor import Redactor
from tests.harness.core.records.bad_request import BadRequest, Reaction
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.exchange import Exchange, ExchangeKey, Frame
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation, ObservedAnswer
from tests.harness.core.records.split import NATURAL
from tests.harness.judging.checks.bad_requests import survival
from tests.harness.judging.checks.bad_requests.bad_request import judge_reaction
from tests.harness.recording.transport import recorded_headers
from tests.harness.servers.readiness import POLL_S
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.bad_requests.wording import (
    by_hand,
    content_of,
    good_body,
    headers_of,
    repeatable_text,
)
from tests.harness.suites.clients.counts import COUNT_TOKENS
from tests.harness.suites.clients.recording_client import ADDRESSES

OTHER_ADDRESSES = frozenset({COUNT_TOKENS, *(address.PATH for address in ADDRESSES.values())})
"""Some servers have them, and some do not: there is nothing to refuse then."""
ANSWER_S = 60.0
"""Seconds in which a refusal has to be there; a hostile grammar may be compiled meanwhile."""
HEALTH_S = 10.0
_DIES_WITHIN_S = 20.0
_SERVER_ERROR = 500
_FAILED = "status 5"
LARGEST = 1024 * 1024
"""Bytes of an answer that are looked at."""
_KEPT = 64 * 1024
"""Bytes of a request that the run file takes."""


class BadRequestSuite:
    """Belongs to one deployment."""

    def __init__(self, answer_store: AnswerStore, relaunch_within_s: float) -> None:
        """Take a deployment's answers; nothing is sent yet."""
        self.server = answer_store.server
        self._answers = answer_store
        self._relaunch_within_s = relaunch_within_s
        self._patience_s = min(ANSWER_S, self.server.request.answer_timeout_s)
        self._mask = Redactor(self.server.deployment.api_key)
        self._before: str | None = None
        """What the good request got before any bad one."""
        self._over = ""
        """Why nothing more can be asked of a server whose end is a finding."""

    def skip_reason(self, bad: BadRequest | None = None) -> str:
        """Return why a request, or any at all, means nothing to this deployment; empty if it does."""
        if self._over:
            return self._over
        listed = self.server.addresses
        if bad and bad.path in OTHER_ADDRESSES and listed is not None and bad.path not in listed:
            return f"the server does not list {bad.path} in its /openapi.json"
        if bad and bad.key != "right" and self.server.deployment.api_key is None:
            return "the server was not given a key, so it asks for none"
        return ""

    def probe(self, bad: BadRequest) -> Observation:
        """Send a bad request and judge what came, and how the server is afterwards."""
        self._answers.require_available()
        if self._before is None:
            self._before = self._good()[1]
        content = content_of(bad, self.server.deployment.model)
        start = time.monotonic()
        exchange, reaction = self._send(bad, content)
        findings = self._afterwards(bad)
        if reaction.broken and not findings:
            self._answers.note(exchange, start)
        if not any(finding.name == survival.DEAD.name for finding in findings):
            repeatable = repeatable_text(bad, content, self.server.deployment.model)
            findings = [*judge_reaction(bad, reaction, repeatable), *findings]
        return Observation(
            tuple(findings),
            mode="whole",
            exchange=self._answers.keep(exchange) if findings else "",
            by_hand=by_hand(bad, content, self.server.deployment) if findings else "",
        )

    def take_note(self, observed: ObservedAnswer, item: str) -> ObservedAnswer:
        """Remember a death that nobody explains and that is not ours to undo: all that follows is its consequence.

        Behind a death that the ledger explains there would be a GO for what was never asked: it stays no verdict.
        """
        if survival.DEAD.name in observed.answer.unexplained and not self.server.deployment.managed:
            self._over = f"the server died of {item} before, and is not ours to launch again"
        return observed

    def _send(self, bad: BadRequest, content: bytes) -> tuple[Exchange, Reaction]:
        """Send a bad request; of the answer the key is starred out: it is judged, shown and kept in this form alone."""
        start, sent_at = time.perf_counter(), time.time()
        headers: tuple[tuple[str, str], ...] = ()
        try:
            with self._opened(bad, content) as answer:
                headers = recorded_headers(answer.headers)
                reaction = Reaction(answer.status, answer.body(LARGEST))
        except BROKEN as error:
            reaction = Reaction(None, broken=describe_error(error))
        seconds = time.perf_counter() - start
        shown = content if len(content) <= _KEPT else content[:_KEPT] + b"... cut for the recording"
        key = ExchangeKey(f"{bad.id}/bad", "whole", NATURAL.name, 0, hashlib.sha256(content).hexdigest())
        exchange = self._mask.exchange(
            Exchange(
                key,
                bad.method,
                bad.path,
                shown,
                sent_at,
                reaction.status,
                headers,
                (Frame(seconds, reaction.body),) if reaction.body else (),
                seconds,
                reaction.broken or None,
            )
        )
        return exchange, Reaction(exchange.status, exchange.body, exchange.error or "")

    def _opened(self, bad: BadRequest, content: bytes) -> AbstractContextManager[Opened]:
        deployment = self.server.deployment
        limits = Limits(max_bytes=LARGEST, total_s=self._patience_s, silence_s=self._patience_s)
        headers = headers_of(bad, deployment, len(content))
        return open_response(bad.method, deployment.base_url + bad.path, headers, content, limits)

    def _afterwards(self, bad: BadRequest) -> list[Finding]:
        """Judge how the server is. Raises InfrastructureError for a death that the request had no leave to cause."""
        healthy, symptom = self._health()
        if not healthy:
            return [self._death(bad, symptom) or survival.not_healthy(bad, symptom)]
        status, now = self._good()
        if now == self._before or not self._is_comparable(now):
            return []
        # It was well a moment ago, but a server whose engine dies answers 500 first, and ends seconds later.
        is_doubtful = status is None or status >= _SERVER_ERROR
        died = self._death(bad, now) if is_doubtful else None
        return [died or survival.wrong_answer(bad, self._before or "", now)]

    def _death(self, bad: BadRequest, symptom: str) -> Finding | None:
        """Return the server's end as a finding, the server brought up again; None while it runs."""
        ended = self._exited_soon() if self.server.deployment.managed else self._unavailable_reason(symptom)
        if not ended:
            return None
        if bad.risk != "crash":
            why = f"after the bad request {bad.id} ({bad.why})"
            try:
                self.server.require_alive()
            except InfrastructureError as error:
                raise InfrastructureError(f"{why}: {error}") from error
            raise InfrastructureError(f"{why}: {ended}")
        if self.server.deployment.managed:
            self.server.relaunch(self._relaunch_within_s)
        return survival.died(bad, ended)

    def _unavailable_reason(self, symptom: str) -> str | None:
        """Return why a server that is not ours is not asked any more; None if it still answers."""
        try:
            self._answers.require_answers(symptom)
        except InfrastructureError as error:
            return str(error)
        return None

    def _exited_soon(self) -> str | None:
        """Return how the server ended, if it does so soon: a dead engine takes its server along after a while."""
        deadline = time.monotonic() + _DIES_WITHIN_S
        while not (ended := self.server.handle.exited()) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return ended

    def _health(self) -> tuple[bool, str]:
        deployment = self.server.deployment
        try:
            answer = ask(deployment.base_url, "/health", HEALTH_S, api_key=deployment.api_key)
        except NoAnswer as error:
            return False, str(error)
        return answer.status == OK, f"status {answer.status}"

    def _good(self) -> tuple[int | None, str]:
        """Return the status of a good request, and its answer in words that do not change between two of them."""
        deployment = self.server.deployment
        start = time.monotonic()
        try:
            answer = ask(
                deployment.base_url,
                "/v1/chat/completions",
                self._patience_s,
                api_key=deployment.api_key,
                body=good_body(deployment.model),
            )
        except NoAnswer as error:
            why = str(error)
            if self._before is None:
                self._answers.charge(start, f"a good request: {why}")
                self._answers.require_answers(why)
                raise InfrastructureError(f"the server does not answer a good request: {why}") from error
            return None, why
        return answer.status, f"status {answer.status}: {_comparable_text(answer)}"

    def _is_comparable(self, now: str) -> bool:
        """Return whether answers can be compared: of a real model's, worded in many ways, only the status counts.

        So it does of a server that has failed at the good request from the start, in whatever words.
        """
        if (self._before or "").startswith(_FAILED) and now.startswith(_FAILED):
            return False
        return self.server.deployment.profile.stable or not now.startswith("status 200")


def _comparable_text(answer: Answered) -> str:
    try:
        body: Any = answer.json()
        message = body["choices"][0]["message"]
        calls = [
            (call["function"]["name"], call["function"]["arguments"])
            for call in message.get("tool_calls") or ()
        ]
    except (ValueError, LookupError, TypeError):
        return answer.text[:200]
    return json.dumps({"content": message.get("content"), "calls": calls}, ensure_ascii=False)
