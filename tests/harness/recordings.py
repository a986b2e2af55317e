"""The answers of one deployment: recorded once a session, saved, and shared by the tests that need them."""

import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.harness.deployment.bring_up import Live
from tests.harness.exchange.archive import Archive
from tests.harness.exchange.character_tokens import CharacterTokens, RecordedTokens
from tests.harness.exchange.client import request_sha256
from tests.harness.exchange.limits import Limits
from tests.harness.exchange.recorder import Recorder
from tests.harness.exchange.replayer import Replayer
from tests.harness.exchange.store import load_at, save
from tests.harness.records.case import Mode
from tests.harness.records.errors import InfrastructureError
from tests.harness.records.exchange import Exchange, ExchangeKey

PATIENCE = Limits(total_s=300, silence_s=180)
"""A busy CPU lets an answer wait; a server that hangs is given up all the same."""
TOKEN_S = 0.04
"""Seconds that a token may take: only answers of thousands of them need more patience than that."""
AT_HAND = 64
"""Exchanges that stay in memory; a run has thousands, and its file has them all."""


class Recordings:
    """Asks a deployment; may be used by several threads at once."""

    def __init__(self, live: Live, folder: Path, worker: str = "", replayed: Archive | None = None) -> None:
        """`folder` takes `exchanges.jsonl` and `tokens.jsonl`, of a worker `exchanges-gw0.jsonl` and so on.

        `replayed` answers in the server's place.
        """
        self.live = live
        end = f"-{worker}.jsonl" if worker else ".jsonl"
        self._path = folder / f"exchanges{end}"
        deployment = live.deployment
        file = folder / f"tokens{end}"
        self.tokens: CharacterTokens | RecordedTokens
        self._recorder: Recorder | Replayer
        if replayed is None:
            self.tokens = CharacterTokens(deployment.base_url, deployment.api_key, deployment.model, file)
            self._recorder = Recorder(deployment.base_url, deployment.api_key, PATIENCE)
        else:
            self.tokens = RecordedTokens(replayed.tokens, file)
            self._recorder = Replayer(replayed)
        self._saved: dict[ExchangeKey, int] = {}
        self._at_hand: OrderedDict[ExchangeKey, Exchange] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def record(self, key: str, mode: Mode, split: str, body: dict[str, Any], attempt: int = 0) -> Exchange:
        """The answer to `body`, asked for at most once.

        Raises InfrastructureError if the server is gone or the disk is full, NotRecorded if a replay has no answer.
        """
        name = ExchangeKey(key, mode, split, attempt, request_sha256(body))
        with self._lock:
            if name in self._saved:
                return self._known(name)
        self.live.require_alive()
        exchange = self._recorder.record(key, mode, split, attempt, body, _patience(body))
        if exchange.error and not self.live.recorded:
            self._blame(exchange)
        with self._lock:
            self._saved[name] = self._save(exchange)
            self._keep(exchange)
        return exchange

    def obstacle(self, key: str, mode: Mode, split: str, body: dict[str, Any]) -> str:
        """Why there can be no answer to `body`; empty for a server, or if a replay has one."""
        if isinstance(self._recorder, Recorder):
            return ""
        return self._recorder.obstacle(ExchangeKey(key, mode, split, 0, request_sha256(body)))

    def _save(self, exchange: Exchange) -> int:
        try:
            return save(self._path, exchange)
        except OSError as error:
            raise InfrastructureError(
                f"{self._path} cannot be written ({error.strerror}), so nothing more can be recorded;"
                " what was recorded before can be read"
            ) from error

    def _known(self, name: ExchangeKey) -> Exchange:
        exchange = self._at_hand.get(name) or load_at(self._path, self._saved[name])
        self._keep(exchange)
        return exchange

    def _keep(self, exchange: Exchange) -> None:
        self._at_hand[exchange.key] = exchange
        self._at_hand.move_to_end(exchange.key)
        if len(self._at_hand) > AT_HAND:
            self._at_hand.popitem(last=False)

    def _blame(self, exchange: Exchange) -> None:
        """An answer that broke off is a finding, unless the server is gone: then it is nobody's finding."""
        self.live.require_alive_soon()
        if exchange.status is None and not self.live.answers():
            raise InfrastructureError(
                f"{self.live.deployment.base_url} does not answer any more: {exchange.error}"
            )


def _patience(body: dict[str, Any]) -> Limits:
    """Bounds of an answer; one that is not streamed, or that a parser holds back, is silent until its end."""
    longest = TOKEN_S * body.get("max_tokens", 0)
    return replace(
        PATIENCE, total_s=max(PATIENCE.total_s, longest), silence_s=max(PATIENCE.silence_s, longest)
    )
