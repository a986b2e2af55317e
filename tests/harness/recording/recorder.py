"""Sends a request as an application would, through the official client, and keeps what really came back."""

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import openai

from tests.harness.core.http.limits import Limits
from tests.harness.core.http.redactor import Redactor
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.harness.recording.client import create_arguments, official_client, request_sha256
from tests.harness.recording.transport import Capture, RecordingTransport


class Recorder:
    """Records exchanges with one deployment; may be used by several threads at once."""

    def __init__(self, base_url: str, api_key: str | None, limits: Limits | None = None) -> None:
        """Make the client; `base_url` without `/v1`. Raises UsageProblem for a key that no HTTP header can carry."""
        if api_key and not (api_key.isascii() and api_key.isprintable() and api_key == api_key.strip()):
            raise UsageProblem("the API key has characters (a line end?) that no HTTP header can carry")
        self._mask = Redactor(api_key)
        self.transport = RecordingTransport(limits or Limits())
        self._client = official_client(base_url, api_key, self.transport)

    def record(
        self,
        case_id: str,
        mode: str,
        split: str,
        attempt: int,
        body: dict[str, Any],
        limits: Limits | None = None,
    ) -> Exchange:
        """Ask once. Whatever the server or the network does ends in the exchange, never in an exception.

        `limits` are those of this answer, where they are other than the recorder's. `body` is the JSON object of a
        chat completion request. Raises TypeError if it lacks what the official client insists on (`messages`,
        `model`).
        """
        key = ExchangeKey(case_id, mode, split, attempt, request_sha256(body))
        with self.transport.capturing(limits) as capture, suppress(openai.APIError):
            self._client.chat.completions.with_raw_response.create(**create_arguments(body))
        return self.exchange(key, capture)

    def close(self) -> None:
        """Close the client. Twice is harmless."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def exchange(self, key: ExchangeKey, capture: Capture) -> Exchange:
        """Return what `transport` captured, the key starred out."""
        return self._mask.exchange(
            Exchange(
                key=key,
                method=capture.method,
                path=capture.path,
                request=capture.request,
                sent_at=capture.sent_at,
                status=capture.status,
                headers=capture.headers,
                frames=tuple(capture.frames),
                ended_at=capture.ended_at,
                error=capture.error or None,
            )
        )
