"""The events of `/v1/responses`: their order, and whether all that say the same thing say it alike."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check

Events = Sequence[dict[str, Any]]
_ITEMS = ("function_call added", "message added")
_ENDS = ("completed", "incomplete")
_FOLLOWERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "created": ("in_progress", *_ITEMS, *_ENDS),
    "in_progress": (*_ITEMS, *_ENDS),
    "function_call added": ("function_call_arguments.delta", "function_call_arguments.done"),
    "function_call_arguments.delta": ("function_call_arguments.delta", "function_call_arguments.done"),
    "function_call_arguments.done": ("function_call done",),
    "function_call done": (*_ITEMS, *_ENDS),
    "message added": ("content_part.added", "message done"),
    "content_part.added": ("output_text.delta", "output_text.done"),
    "output_text.delta": ("output_text.delta", "output_text.done"),
    "output_text.done": ("content_part.done",),
    "content_part.done": ("content_part.added", "message done"),
    "message done": (*_ITEMS, *_ENDS),
    "completed": (),
    "incomplete": (),
})  # fmt: skip
"""Kind of event -> the kinds that may come next. Kinds that are not named here (reasoning) may come anywhere."""
_ARGUMENTS, _TEXT = "response.function_call_arguments", "response.output_text"


def judge_events(events: Events) -> Iterator[Finding]:
    """Judge the events' order, and whether deltas, done events and the completed response agree."""
    if problem := _disorder([_kind(event) for event in events]):
        wanted = "created, each item from added to done with its parts between, completed or incomplete"
        yield CHECK.as_described("out-of-order", wanted, problem)
        return
    numbers = [event.get("sequence_number") for event in events]
    if numbers != list(range(len(events))):
        yield CHECK.as_described("out-of-order", "sequence numbers 0, 1, 2, ...", str(numbers))
    ended, status = _kind(events[-1]), events[-1]["response"].get("status")
    if ended != status:
        yield CHECK.as_described("wrong-end", f"response.{status}", f"response.{ended}")
    yield from _disagreements(events)


def _kind(event: dict[str, Any]) -> str:
    """Return the type in short; an item's begin and end name the type of the item."""
    kind = str(event.get("type", "")).removeprefix("response.")
    if kind.startswith("output_item."):
        return f"{event['item']['type']} {kind.removeprefix('output_item.')}"
    return kind


def _disorder(kinds: Sequence[str]) -> str:
    """Return what stands at the wrong place; empty: nothing does."""
    known = [(number, kind) for number, kind in enumerate(kinds) if kind in _FOLLOWERS]
    if not known or known[0][1] != "created":
        return f"the stream begins with {kinds[:1]}"
    for (_, before), (number, kind) in pairwise(known):
        if kind not in _FOLLOWERS[before]:
            return f"after {before} comes event {number}: {kind}"
    return "" if kinds[-1] in _ENDS else f"the stream ends with {kinds[-1]}"


def _disagreements(events: Events) -> Iterator[Finding]:
    added, done = _items(events, "added"), _items(events, "done")
    completed = [item for item in events[-1]["response"]["output"] if f"{item['type']} added" in _FOLLOWERS]
    stages = [[item for _, item in added], [item for _, item in done], completed]
    kinds = [[(item["type"], item.get("name")) for item in items] for items in stages]
    ids = [[_names(item) for item in items] for items in stages]
    symptom, views = ("ids-differ", ids) if kinds[0] == kinds[1] == kinds[2] else ("items-differ", kinds)
    if not views[0] == views[1] == views[2]:
        wanted = f"as the completed response has them: {views[2]}"
        yield CHECK.as_described(symptom, wanted, f"added {views[0]}, done {views[1]}")
    if symptom == "items-differ":
        return  # which item is which cannot be said
    for (index, item), last in zip(done, completed, strict=False):
        mine = [event for event in events if event.get("output_index") == index]
        yield from _of_item(mine, item, last)


def _of_item(mine: Events, item: dict[str, Any], last: dict[str, Any]) -> Iterator[Finding]:
    """Compare all that holds an item's content: pieces joined, done events, the item, and the completed response's."""
    is_call = item["type"] == "function_call"
    prefix, field, symptom = (
        (_ARGUMENTS, "arguments", "arguments-differ") if is_call else (_TEXT, "text", "text-differs")
    )
    contents = {
        "joined": "".join(event["delta"] for event in mine if event["type"] == f"{prefix}.delta"),
        "done": "".join(event[field] for event in mine if event["type"] == f"{prefix}.done"),
        "item": _content_of(item),
    }
    if not is_call:
        parts = [event["part"] for event in mine if event["type"] == "response.content_part.done"]
        contents["parts"] = "".join(part.get("text") or "" for part in parts)
    wanted = _content_of(last)
    if wrong := {name: text for name, text in contents.items() if text != wanted}:
        yield CHECK.as_described(symptom, f"what the completed response says: {wanted}", str(wrong))


def _items(events: Events, end: str) -> list[tuple[int, dict[str, Any]]]:
    wanted = [event for event in events if event["type"] == f"response.output_item.{end}"]
    return [(event["output_index"], event["item"]) for event in wanted if _kind(event) in _FOLLOWERS]


def _content_of(item: dict[str, Any]) -> str:
    if item["type"] == "function_call":
        return str(item["arguments"])
    return "".join(part.get("text") or "" for part in item.get("content") or ())


def _names(item: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(item.get(name) for name in ("type", "id", "call_id", "name"))


CHECK = Check(
    "responses-events",
    {
        "out-of-order": "An event comes where none of its kind may come, or one is missing.",
        "wrong-end": "The last event says that the response ended otherwise than the response says.",
        "arguments-differ": "Deltas, done events and the completed response say different arguments.",
        "text-differs": "Deltas, done events and the completed response say different texts.",
        "items-differ": "The events tell of other items or calls than the completed response holds.",
        "ids-differ": "An event gives an item or call another id than the completed response.",
    },
    "https://platform.openai.com/docs/api-reference/responses-streaming",
    harm={
        "out-of-order": "wrong-call",
        "wrong-end": "wrong-call",
        "arguments-differ": "wrong-call",
        "text-differs": "lost-text",
        "items-differ": "wrong-call",
        "ids-differ": "wrong-call",
    },
)
OUT_OF_ORDER = CHECK["out-of-order"]
