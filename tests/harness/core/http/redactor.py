"""The API key, starred out wherever a server echoes it: no file of a run may hold it."""

from dataclasses import replace

from tests.harness.core.records.exchange import Exchange, Frame

_SECRET_LENGTH = 8
"""Shorter keys (`EMPTY`, `test`) are no secrets, and masking them would spoil ordinary words."""


class Redactor:
    """Belongs to one key; stars take as many bytes as it does."""

    def __init__(self, api_key: str | None) -> None:
        """Remember the key to star out; without one nothing is."""
        self._secret = api_key if api_key and len(api_key) >= _SECRET_LENGTH else None

    def text(self, text: str) -> str:
        """Return words of a server, or about it, with the key starred out."""
        return text.replace(self._secret, "*" * len(self._secret)) if self._secret else text

    def data(self, data: bytes) -> bytes:
        """Return a whole body with the key starred out; a key that was cut in two before is not found."""
        return data.replace(self._secret.encode(), b"*" * len(self._secret)) if self._secret else data

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return what was recorded, fit to be kept; headers that are private altogether are left out before."""
        return replace(
            exchange,
            path=self.text(exchange.path),
            request=self.data(exchange.request),
            headers=tuple((name, self.text(value)) for name, value in exchange.headers),
            frames=self._frames(exchange.frames),
            error=self.text(exchange.error) if exchange.error else None,
        )

    def _frames(self, frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        """Return the frames cut where they were cut, also where the key lay across a cut."""
        body = b"".join(frame.data for frame in frames)
        starred = self.data(body)
        if starred == body:
            return frames
        masked, start = [], 0
        for frame in frames:
            masked.append(Frame(frame.at, starred[start : start + len(frame.data)]))
            start += len(frame.data)
        return tuple(masked)
