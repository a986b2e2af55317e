"""Asks `/health` again and again while something else goes on: whether a server is still there for others."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.harness.core.records.samples import Samples
from tests.harness.suites.load.server_state import answers_health

EVERY_S = 0.1
WITHIN_S = 10.0
"""A probe that waits longer is lost; as long as the suite waits for any small answer."""


class HealthWatch:
    """`with HealthWatch(base_url) as watch: ...`; then `waits_s` and `lost_probes` tell."""

    def __init__(self, base_url: str) -> None:
        """Prepare to ask; nothing is asked yet."""
        self.within_s = WITHIN_S
        self.waits_s = Samples()
        self.lost_probes = 0
        """Probes without an answer in time."""
        self._ask: Callable[[], float | None] = lambda: answers_health(base_url, self.within_s)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="health")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            seconds = self._ask()
            if seconds is None:
                self.lost_probes += 1
            else:
                self.waits_s.add(seconds)
            self._over.wait(EVERY_S)
