"""The answers of one deployment: recorded once a session, saved, and shared by the tests that need them."""

import json
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.harness.core.cause_shape import shape_of
from tests.harness.core.http.limits import Limits
from tests.harness.core.records.case import Mode
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.recording.assemble import recorded_answer_of
from tests.harness.recording.character_tokens import CharacterTokens, RecordedTokens
from tests.harness.recording.client import request_sha256
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.replayer import Replayer
from tests.harness.recording.token_texts import RecordedTexts, TokenTexts
from tests.harness.runfolder.archive import Archive
from tests.harness.runfolder.exchange_file import load_at, save
from tests.harness.servers.launch import Server
from tests.harness.suites.recent_exchanges import RecentExchanges
from tests.harness.suites.seen_causes import ENOUGH, SeenCauses
from tests.harness.suites.time_budget import TimeBudget


class AnswerStore:
    """Asks a deployment; may be used by several threads at once."""

    def __init__(
        self, server: Server, folder: Path, worker: str = "", replayed: Archive | None = None
    ) -> None:
        """Take the folder for `exchanges.jsonl` and `tokens.jsonl`, of a worker `exchanges-gw0.jsonl` and so on.

        `replayed` answers in the server's place.
        """
        self.server = server
        end = f"-{worker}.jsonl" if worker else ".jsonl"
        self._path = folder / f"exchanges{end}"
        deployment = server.deployment
        file = folder / f"tokens{end}"
        self.tokens: CharacterTokens | RecordedTokens
        self.token_texts: TokenTexts | RecordedTexts
        self._recorder: Recorder | Replayer
        if replayed is None:
            tokenizer = deployment.base_url, deployment.api_key, deployment.model, file
            self.tokens, self.token_texts = CharacterTokens(*tokenizer), TokenTexts(*tokenizer)
            self._recorder = Recorder(deployment.base_url, deployment.api_key)
        else:
            self.tokens = RecordedTokens(replayed.tokens, file)
            self.token_texts = RecordedTexts(replayed.token_texts, file)
            self._recorder = Replayer(replayed)
        self._saved: dict[ExchangeKey, int] = {}
        self._keys: dict[str, ExchangeKey] = {}
        """By name."""
        self._recent = RecentExchanges()
        self._lock = threading.Lock()
        self._time_budget = TimeBudget(server.request.answer_timeout_s)
        self.seen = SeenCauses()
        self._outlived = Counter[str]()
        """Kind of broken transfer -> how many the server has lived on after."""
        self._gone_reason = ""
        """Why the server is not asked any more."""

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def record(self, key: str, mode: Mode, split: str, body: dict[str, Any], attempt: int = 0) -> Exchange:
        """Return the answer to `body`, asked for at most once.

        Raises InfrastructureError if the server is gone or the disk is full, NotRecorded if a replay has no answer.
        """
        name = ExchangeKey(key, mode, split, attempt, request_sha256(body))
        with self._lock:
            if name in self._saved:
                return self._known(name)
        self.require_available()
        start = time.monotonic()
        exchange = self._recorder.record(key, mode, split, attempt, body, self._time_budget.limits(body))
        self.note(exchange, start)
        with self._lock:
            self._save(exchange)
            self._recent.add(exchange)
        return exchange

    def recorded_answer(self, name: str) -> RecordedAnswer | None:
        """Return the recording of a name with its answer put together; None if there is none."""
        with self._lock:
            key = self._keys.get(name)
            exchange = self._known(key) if key else None
        return recorded_answer_of(exchange) if exchange else None

    def request_of(self, name: str) -> dict[str, Any]:
        """Return the body of the request whose answer has this name."""
        with self._lock:
            body: dict[str, Any] = json.loads(self._known(self._keys[name]).request)
        return body

    def limits(self, body: dict[str, Any]) -> Limits:
        """Return how long and how large the answer to a request may be."""
        return self._time_budget.limits(body)

    def note(self, exchange: Exchange, start: float) -> None:
        """Count the time of an answer that broke off; `start`: of `time.monotonic`.

        Raises InfrastructureError if the server is gone: then it is nobody's finding. The end of a borrowed server
        cannot be seen; it gets time to end where it is asked for its health after that.
        """
        if exchange.error and not self.server.recorded:
            if self.server.deployment.managed or exchange.status is None:
                self._require_alive_after(exchange.error)
            if exchange.status is None:
                self.require_answers(exchange.error)
            key = exchange.key
            self.charge(start, f"{key.case} [{key.mode}, {key.split}]: {exchange.error}")

    def _require_alive_after(self, broken: str) -> None:
        """Raise InfrastructureError if the server ends; one that outlived enough of the same gets no time to do so."""
        shape = shape_of(broken)
        if self._outlived[shape] < ENOUGH:
            self.server.require_alive_soon()
            self._outlived[shape] += 1
        else:
            self.server.require_alive()

    def charge(self, start: float, what: str) -> None:
        """Count time that was waited in vain since `start` (of `time.monotonic`)."""
        self._time_budget.charge(start, what)

    def keep(self, exchange: Exchange) -> str:
        """Save an exchange that was recorded past `record`; return the name it is found by.

        What was asked before is one attempt more: a reader takes a key that comes twice for damage.
        """
        with self._lock:
            while exchange.key in self._saved:
                key = replace(exchange.key, attempt=exchange.key.attempt + 1)
                exchange = replace(exchange, key=key)
            self._save(exchange)
        return exchange.key.name

    def skip_reason(self, key: str, mode: Mode, split: str, body: dict[str, Any]) -> str:
        """Return why there can be no answer to `body`; empty for a server, or if a replay has one."""
        if isinstance(self._recorder, Recorder):
            return ""
        return self._recorder.skip_reason(ExchangeKey(key, mode, split, 0, request_sha256(body)))

    def _save(self, exchange: Exchange) -> None:
        try:
            self._saved[exchange.key] = save(self._path, exchange)
            self._keys[exchange.key.name] = exchange.key
        except OSError as error:
            raise InfrastructureError(
                f"{self._path} cannot be written ({error.strerror}), so nothing more can be recorded;"
                " what was recorded before can be read"
            ) from error

    def _known(self, name: ExchangeKey) -> Exchange:
        if exchange := self._recent.find(name):
            return exchange
        exchange = load_at(self._path, self._saved[name])
        self._recent.add(exchange)
        return exchange

    def require_answers(self, symptom: str) -> None:
        """Raise InfrastructureError, now and whenever more is asked for, if the server answers nothing any more."""
        if not self.server.answers():
            base_url = self.server.deployment.base_url
            self._gone_reason = f"{base_url} does not answer any more, not even at /health: {symptom}"
            raise InfrastructureError(self._gone_reason)

    def require_available(self, broken: str = "") -> None:
        """Raise InfrastructureError for a server that has ended, or was waited for in vain too long.

        `broken` says how a request ended that got no answer at all: then the server's end is given a moment to show,
        and one that answers nothing any more is gone, too.
        """
        if broken:
            self.server.require_alive_soon()
            self.require_answers(broken)
        self.server.require_alive()
        if why := self._gone_reason or self._time_budget.exhausted:
            raise InfrastructureError(
                why if self._gone_reason else f"{self.server.deployment.base_url}: {why}"
            )
