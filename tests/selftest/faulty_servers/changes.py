"""Small changes that several defects are made of, for a stream's chunks and a whole body alike."""

from collections.abc import Callable, Iterable
from typing import Any

Json = dict[str, Any]


def each_choice(body: Json) -> Iterable[Json]:
    """The choices of a chunk or a body."""
    return body["choices"]


def each_message(body: Json) -> Iterable[Json]:
    """The delta or message of each choice."""
    return (choice.get("delta", choice.get("message")) for choice in each_choice(body))


def each_call(body: Json) -> Iterable[Json]:
    """The entries of `tool_calls` of a chunk or a body."""
    return (call for message in each_message(body) for call in message.get("tool_calls") or [])


def in_chunks(change: Callable[[Json], object]) -> Callable[[list[Json]], list[Json]]:
    """Make a change in each chunk."""

    def changed(chunks: list[Json]) -> list[Json]:
        for chunk in chunks:
            change(chunk)
        return chunks

    return changed


def in_whole(change: Callable[[Json], object]) -> Callable[[Json], Json]:
    """Make a change in a whole body."""

    def changed(body: Json) -> Json:
        change(body)
        return body

    return changed
