"""Every id that the answers of a run hold: an id names one thing, whatever was asked and wherever."""

from collections.abc import Iterator

from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.reply import Reply
from tests.harness.judging.check_context import UsedId


class IdRegistry:
    """Belongs to one deployment; remembers where each id was seen first."""

    def __init__(self) -> None:
        """Begin without an id."""
        self._places: dict[tuple[str, bool], str] = {}
        """(id, whether of a call) -> the place that had it first."""

    def repeated_in(self, exchange: Exchange, reply: Reply) -> tuple[UsedId, ...]:
        """Return the ids of an answer that another one had before it; its own are remembered.

        An answer that is looked at twice repeats nothing.
        """
        seen = (
            (id_, call, place, self._first(id_, call, place)) for id_, call, place in _ids(exchange, reply)
        )
        return tuple(UsedId(id_, call, first) for id_, call, place, first in seen if first != place)

    def _first(self, id_: str, call: int | None, place: str) -> str:
        return self._places.setdefault((id_, call is not None), place)


def _ids(exchange: Exchange, reply: Reply) -> Iterator[tuple[str, int | None, str]]:
    """Yield every id with the index of its call (None: the answer's own) and its place.

    One id in all chunks of an answer is one.
    """
    name = exchange.key.name
    own = {event.json["id"] for event in reply.events if event.json and isinstance(event.json.get("id"), str)}
    for id_ in sorted(own):
        yield id_, None, name
    for choice in reply.choices:
        place = f"{name}, choice {choice.index}" if choice.index else name
        for call in choice.tool_calls:
            if call.id:
                yield call.id, call.index, place
