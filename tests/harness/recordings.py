"""The answers of one deployment: recorded once a session, saved, and shared by the tests that need them."""

import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.harness.deployment.bring_up import Live
from tests.harness.exchange.client import request_sha256
from tests.harness.exchange.limits import Limits
from tests.harness.exchange.recorder import Recorder
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

    def __init__(self, live: Live, folder: Path) -> None:
        """`folder` takes `exchanges.jsonl`."""
        self.live = live
        self._path = folder / "exchanges.jsonl"
        self._recorder = Recorder(live.deployment.base_url, live.deployment.api_key, PATIENCE)
        self._saved: dict[ExchangeKey, int] = {}
        self._at_hand: OrderedDict[ExchangeKey, Exchange] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def record(self, key: str, mode: Mode, split: str, body: dict[str, Any], attempt: int = 0) -> Exchange:
        """The answer to `body`, asked for at most once. Raises InfrastructureError if the server is gone."""
        name = ExchangeKey(key, mode, split, attempt, request_sha256(body))
        with self._lock:
            if name in self._saved:
                return self._known(name)
        self.live.require_alive()
        exchange = self._recorder.record(key, mode, split, attempt, body, _patience(body))
        if exchange.error:
            self._blame(exchange)
        with self._lock:
            self._saved[name] = save(self._path, exchange)
            self._keep(exchange)
        return exchange

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
