"""The answers of one deployment: recorded once a session, saved, and shared by the tests that need them."""

import json
import threading
from pathlib import Path
from typing import Any

from tests.harness.deployment.bring_up import Live
from tests.harness.exchange.limits import Limits
from tests.harness.exchange.recorder import Recorder
from tests.harness.exchange.store import save
from tests.harness.records.case import Mode
from tests.harness.records.errors import InfrastructureError
from tests.harness.records.exchange import Exchange

PATIENCE = Limits(total_s=300, silence_s=180)
"""A busy CPU lets an answer wait; a server that hangs is given up all the same."""
_Name = tuple[str, str, str, int, str]


class Recordings:
    """Asks a deployment; may be used by several threads at once."""

    def __init__(self, live: Live, folder: Path) -> None:
        """`folder` takes `exchanges.jsonl`."""
        self.live = live
        self._path = folder / "exchanges.jsonl"
        self._recorder = Recorder(live.deployment.base_url, live.deployment.api_key, PATIENCE)
        self._known: dict[_Name, Exchange] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def record(self, key: str, mode: Mode, split: str, body: dict[str, Any], attempt: int = 0) -> Exchange:
        """The answer to `body`, asked for at most once. Raises InfrastructureError if the server is gone."""
        name = (key, mode, split, attempt, json.dumps(body, sort_keys=True))
        with self._lock:
            known = self._known.get(name)
        if known is not None:
            return known
        self.live.require_alive()
        exchange = self._recorder.record(key, mode, split, attempt, body)
        if exchange.error:
            self._blame(exchange)
        with self._lock:
            save(self._path, exchange)
            self._known[name] = exchange
        return exchange

    def _blame(self, exchange: Exchange) -> None:
        """An answer that broke off is a finding, unless the server is gone: then it is nobody's finding."""
        self.live.require_alive_soon()
        if exchange.status is None and not self.live.answers():
            raise InfrastructureError(
                f"{self.live.deployment.base_url} does not answer any more: {exchange.error}"
            )
