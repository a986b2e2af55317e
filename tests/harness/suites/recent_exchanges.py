"""The exchanges that were needed last, kept in memory: a run has thousands, and its file has them all."""

from collections import OrderedDict

from tests.harness.core.records.exchange import Exchange, ExchangeKey

MOST = 64
MOST_BYTES = 32 * 1024**2
_FRAME_BYTES = 200
"""What a frame takes beside its data."""


class RecentExchanges:
    """The least recently needed ones are forgotten first; the newest is kept however large it is."""

    def __init__(self) -> None:
        """Begin without any."""
        self._kept: OrderedDict[ExchangeKey, tuple[Exchange, int]] = OrderedDict()
        self._bytes = 0

    def find(self, key: ExchangeKey) -> Exchange | None:
        """Return the exchange with this key, and count that as need; None if it is not kept."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange whose key is not kept yet."""
        size = sum(len(frame.data) + _FRAME_BYTES for frame in exchange.frames)
        self._kept[exchange.key] = exchange, size
        self._bytes += size
        while len(self._kept) > MOST or (len(self._kept) > 1 and self._bytes > MOST_BYTES):
            _, (_, forgotten) = self._kept.popitem(last=False)
            self._bytes -= forgotten
