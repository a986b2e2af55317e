"""Sends a request as an application would, through the official client, and keeps what really came back."""

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import openai

from tests.harness.bounded.limits import Limits
from tests.harness.exchange.client import create_arguments, official_client, request_sha256
from tests.harness.exchange.transport import RecordingTransport, Tape
from tests.harness.records.errors import UsageProblem
from tests.harness.records.exchange import Exchange, ExchangeKey, Frame

_SECRET_LENGTH = 8
"""Shorter keys (`EMPTY`, `test`) are no secrets, and masking them would spoil ordinary words."""


class Recorder:
    """Records exchanges with one deployment; may be used by several threads at once."""

    def __init__(self, base_url: str, api_key: str | None, limits: Limits | None = None) -> None:
        """`base_url` without `/v1`. Raises UsageProblem for a key that no HTTP header can carry."""
        if api_key and not (api_key.isascii() and api_key.isprintable() and api_key == api_key.strip()):
            raise UsageProblem("the API key has characters (a line end?) that no HTTP header can carry")
        self._secret = api_key if api_key and len(api_key) >= _SECRET_LENGTH else None
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
        with self.transport.taping(limits) as tape, suppress(openai.APIError):
            self._client.chat.completions.with_raw_response.create(**create_arguments(body))
        return self.exchange(key, tape)

    def close(self) -> None:
        """Close the client. Twice is harmless."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def exchange(self, key: ExchangeKey, tape: Tape) -> Exchange:
        """What is on a tape of `transport`, the key starred out."""
        return Exchange(
            key=key,
            method=tape.method,
            path=self._masked(tape.path),
            request=_masked_frames((Frame(0.0, tape.request),), self._secret)[0].data,
            sent_at=tape.sent_at,
            status=tape.status,
            headers=tuple((name, self._masked(value)) for name, value in tape.headers),
            frames=_masked_frames(tuple(tape.frames), self._secret),
            ended_at=tape.ended_at,
            error=self._masked(tape.error) if tape.error else None,
        )

    def _masked(self, text: str) -> str:
        return text.replace(self._secret, "*" * len(self._secret)) if self._secret else text


def _masked_frames(frames: tuple[Frame, ...], secret: str | None) -> tuple[Frame, ...]:
    """The frames with a server's echo of the key starred out: as many bytes, cut where they were cut."""
    body = b"".join(frame.data for frame in frames)
    if secret is None or secret.encode() not in body:
        return frames
    body = body.replace(secret.encode(), b"*" * len(secret))
    masked, start = [], 0
    for frame in frames:
        masked.append(Frame(frame.at, body[start : start + len(frame.data)]))
        start += len(frame.data)
    return tuple(masked)
