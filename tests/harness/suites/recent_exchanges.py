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

    def find(self, key: ExchangeKey) -> Exchange | None:
        """Return the exchange with this key, and count that as need; None if it is not kept."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        size = sum(len(frame.data) + _FRAME_BYTES for frame in exchange.frames)
        self._kept[exchange.key] = exchange, size
        while len(self._kept) > MOST or (len(self._kept) > 1 and self._size() > MOST_BYTES):
            self._kept.popitem(last=False)

    def _size(self) -> int:
        return sum(size for _, size in self._kept.values())
