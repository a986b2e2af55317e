"""The response object of `/v1/responses`, streamed or whole: its state, that of its items, and what it counts."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check

_STATES = {"completed", "incomplete", "failed"}


def object_in(events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the response that the last event of a stream holds."""
    response: dict[str, Any] = events[-1]["response"]
    return response


def judge_object(response: dict[str, Any]) -> Iterator[Finding]:
    """Judge a response that has ended."""
    status, items = response.get("status"), response.get("output") or []
    states = [item.get("status") for item in items if item.get("type") in {"function_call", "message"}]
    if status not in _STATES:
        yield CHECK.as_described("wrong-state", " or ".join(sorted(_STATES)), repr(status))
    elif status == "completed" and any(state != "completed" for state in states):
        yield CHECK.as_described("wrong-state", "only completed items in a completed response", str(states))
    elif status == "incomplete" and states and states[-1] == "completed":
        yield CHECK.as_described(
            "wrong-state", "a last item that is not completed where a limit cut it", str(states)
        )
    reason = (response.get("incomplete_details") or {}).get("reason")
    if status == "incomplete" and not reason:
        yield CHECK.as_described("no-reason", "incomplete_details with a reason", "none")
    if status == "completed" and reason:
        yield CHECK.as_described("no-reason", "no incomplete_details in a completed response", str(reason))
    yield from _usage(response.get("usage"))


def _usage(usage: Any) -> Iterator[Finding]:
    counts = [usage.get(f"{part}_tokens") for part in ("input", "output", "total")] if usage else []
    match counts:
        case [int(sent), int(got), int(total)] if sent > 0 and sent + got == total:
            return
    yield CHECK.as_described("usage", "input_tokens + output_tokens = total_tokens", str(usage))


CHECK = Check(
    "responses-object",
    {
        "wrong-state": "The state of the response does not fit that of its items.",
        "no-reason": "A response that is incomplete does not say why, or a complete one says that it is not.",
        "usage": "The token counts are missing or do not add up.",
    },
    "https://platform.openai.com/docs/api-reference/responses/object",
    harm={"wrong-state": "wrong-call", "no-reason": "wrong-call"},
)
