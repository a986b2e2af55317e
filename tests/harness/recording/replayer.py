"""Answers from an earlier run, where there is no server to ask."""

from typing import Any

from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.harness.recording.client import request_sha256
from tests.harness.runfolder.archive import Archive


class Replayer:
    """Stands in for a `Recorder`."""

    def __init__(self, archive: Archive) -> None:
        """Take the recordings to answer from."""
        self._archive = archive

    def record(
        self,
        case_id: str,
        mode: str,
        split: str,
        attempt: int,
        body: dict[str, Any],
        limits: object = None,  # noqa: ARG002 - nothing has to be waited for
    ) -> Exchange:
        """Return the recorded exchange of this very request. Raises NotRecorded."""
        key = ExchangeKey(case_id, mode, split, attempt, request_sha256(body))
        exchange = self._archive.find(key)
        if exchange is None:
            raise NotRecorded(self.skip_reason(key))
        return exchange

    def skip_reason(self, key: ExchangeKey) -> str:
        """Return why there is no answer; empty if there is one."""
        if key in self._archive.places:
            return ""
        where = f"{key.case} [{key.mode}, {key.split}{f', attempt {key.attempt}' if key.attempt else ''}]"
        if (key.case, key.mode, key.split, key.attempt) in self._archive.asked:
            return f"{where} asks something else today than was recorded"
        return f"{where} was not asked in the recorded run"

    def close(self) -> None:
        """Do nothing: nothing is open."""
