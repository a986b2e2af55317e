"""Small changes that several defects are made of, for a stream's chunks and a whole body alike."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

Json = dict[str, Any]
TOKENS = 12
"""Of every choice of the correct server."""


def each_choice(body: Json) -> Iterable[Json]:
    """The choices of a chunk or a body."""
    return body["choices"]


def each_message(body: Json) -> Iterable[Json]:
    """The delta or message of each choice."""
    return (choice.get("delta", choice.get("message")) for choice in each_choice(body))


def each_call(body: Json) -> Iterable[Json]:
    """The entries of `tool_calls` of a chunk or a body."""
    return (call for message in each_message(body) for call in message.get("tool_calls") or [])


def under_terms(body: Json, request: Json, *, is_first: bool = True) -> Json:
    """What a request asks for about choices and tokens, in one chunk or a whole body; `is_first`: with the tokens."""
    choices = body["choices"]
    if is_first and request.get("logprobs") and choices:
        choices[0]["logprobs"] = {"content": [_entry(request.get("top_logprobs", 0)) for _ in range(TOKENS)]}
    for index in range(1, request.get("n") or 1):
        others = [{**deepcopy(choice), "index": index} for choice in choices]
        for call in each_call({"choices": others}):
            if "id" in call:
                call["id"] += f"_{index}"
        body["choices"] = [*body["choices"], *others]
    if body.get("usage") and request.get("n"):
        tokens = TOKENS * request["n"]
        total = body["usage"]["prompt_tokens"] + tokens
        body["usage"] = {**body["usage"], "completion_tokens": tokens, "total_tokens": total}
    return body


def _entry(alternatives: int) -> Json:
    return {"token": "a", "logprob": -0.5, "top_logprobs": [{"token": "a", "logprob": -0.5}] * alternatives}


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
