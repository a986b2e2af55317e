"""`/v1/responses` by the official client: what is asked, what the events have to look like, what they say."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import openai

from tests.harness.callers.rules import RESPONSES_EVENTS
from tests.harness.callers.told import Told
from tests.harness.catalogue.requests import LONGEST_ANSWER
from tests.harness.exchange.client import NO_KEY
from tests.harness.records.case import Case
from tests.harness.records.deployment import Deployment
from tests.harness.records.finding import Finding
from tests.harness.records.subject import ToolRun

PATH = "/v1/responses"
_CALL_EVENTS = "response.function_call_arguments"


def query(case: Case, model: str, *, stream: bool) -> dict[str, Any]:
    """The question, in the words of this API."""
    tools = [{"type": "function", **tool["function"]} for tool in case.tools]
    return {
        "model": model,
        "input": [dict(message) for message in case.messages],
        "tools": tools,
        "temperature": 0,
        "max_output_tokens": LONGEST_ANSWER,
        "stream": stream,
    }


def follow_up(case: Case, model: str, calls: Sequence[Any], runs: Sequence[ToolRun]) -> dict[str, Any]:
    """The round after the tools ran: calls and their results as items of the input."""
    body = query(case, model, stream=False)
    del body["tools"]
    for number, (call, run) in enumerate(zip(calls, runs, strict=True)):
        id_ = f"call_{number}"
        body["input"] += [
            {"type": "function_call", "call_id": id_, "name": call.name, "arguments": call.arguments},
            {"type": "function_call_output", "call_id": id_, "output": run.result},
        ]
    return body


def send(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> Told:
    """Ask by the official client; what it makes of the answer."""
    with openai.OpenAI(
        base_url=f"{deployment.base_url}/v1",
        api_key=deployment.api_key or NO_KEY,
        max_retries=0,
        timeout=None,
        http_client=httpx2.Client(transport=transport, trust_env=False, timeout=None),
    ) as client:
        answer = client.responses.create(**body)
        if not body["stream"]:
            return told_of(answer.model_dump())
        completed = [event for event in answer if event.type == "response.completed"]
        return told_of(completed[-1].response.model_dump()) if completed else Told(())


def told_of(response: dict[str, Any]) -> Told:
    """What a response object says."""
    items = response.get("output") or []
    calls = tuple((item["name"], item["arguments"]) for item in items if item["type"] == "function_call")
    parts = [part for item in items if item["type"] == "message" for part in item.get("content") or ()]
    # This API has no reason for the end: a call among the output is what asks for tools to be run.
    return Told(calls, "".join(part.get("text") or "" for part in parts), bool(calls))


def judge_events(events: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Their order, and whether deltas, done events and the completed response agree."""
    if problem := _disorder([event.get("type", "") for event in events]):
        yield _finding("out-of-order", "created, then each item from added to done, then completed", problem)
        return
    numbers = [event.get("sequence_number") for event in events]
    if numbers != list(range(len(events))):
        yield _finding("out-of-order", "sequence numbers 0, 1, 2, ...", str(numbers))
    completed = [item for item in events[-1]["response"]["output"] if item["type"] == "function_call"]
    yield from _disagreements(events, completed)


def _disorder(types: Sequence[str]) -> str:
    """What stands at the wrong place; empty: nothing does."""
    if not types or types[0] != "response.created" or types[-1] != "response.completed":
        return f"the stream begins with {types[:1]} and ends with {types[-1:]}"
    open_, done = False, False
    for number, kind in enumerate(types):
        starts, ends = kind == "response.output_item.added", kind == "response.output_item.done"
        if kind in {"response.created", "response.completed"}:
            if number not in {0, len(types) - 1} or (number and open_):
                return f"event {number}: {kind}"
            continue
        if starts == open_ and (starts or ends or kind.startswith(_CALL_EVENTS)):
            return f"event {number}: {kind} {'inside' if open_ else 'outside'} an item"
        if kind.startswith(_CALL_EVENTS) and done:
            return f"event {number}: {kind} after the arguments were done"
        open_ = (open_ or starts) and not ends
        done = (done or kind == f"{_CALL_EVENTS}.done") and not starts
    return ""


def _disagreements(
    events: Sequence[dict[str, Any]], completed: Sequence[dict[str, Any]]
) -> Iterator[Finding]:
    items = [
        event["item"]
        for event in events
        if event["type"] == "response.output_item.done" and event["item"]["type"] == "function_call"
    ]
    added = [
        event["item"]
        for event in events
        if event["type"] == "response.output_item.added" and event["item"]["type"] == "function_call"
    ]
    ids = [[_names(item) for item in found] for found in (completed, items, added)]
    if not ids[0] == ids[1] == ids[2]:
        yield _finding(
            "ids-differ", f"as the completed response has them: {ids[0]}", f"done {ids[1]}, added {ids[2]}"
        )
        return
    for item, final in zip(items, completed, strict=True):
        mine = [event for event in events if event.get("item_id") == item["id"]]
        joined = "".join(event["delta"] for event in mine if event["type"] == f"{_CALL_EVENTS}.delta")
        done = [event["arguments"] for event in mine if event["type"] == f"{_CALL_EVENTS}.done"]
        said = {joined, item["arguments"], final["arguments"], *done}
        if len(said) != 1 or len(done) != 1:
            yield _finding(
                "arguments-differ",
                f"one text four times: {final['arguments']}",
                f"joined {joined}; done {done}; item {item['arguments']}",
            )


def _names(item: dict[str, Any]) -> tuple[Any, ...]:
    return item.get("id"), item.get("call_id"), item.get("name")


def _finding(symptom: str, wanted: str, got: str) -> Finding:
    return RESPONSES_EVENTS.finding(symptom, RESPONSES_EVENTS.symptoms[symptom], wanted, got)
