"""`/v1/responses` by the official client: what is asked, and what the answer says."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import openai
from packaging.version import Version

from tests.harness.cases.requests import LONGEST_ANSWER
from tests.harness.cases.since import is_at_least
from tests.harness.core.records.case import Case
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.reply import ToolCall
from tests.harness.recording.client import NO_KEY
from tests.harness.suites.clients.endpoint import UnknownTerm

PATH = "/v1/responses"
_FORCING = ("structured_outputs", "logit_bias", "vllm_xargs")
"""What vLLM takes here beyond the API."""
FORCES_SINCE = Version("0.20.2")
"""The first release of which forcing here was measured."""
Items = Sequence[dict[str, Any]]
_ENDS = {"response.completed", "response.incomplete", "response.failed"}
_LIMIT = "max_output_tokens"


def query(case: Case, model: str, *, stream: bool) -> dict[str, Any]:
    """Return the question, in the words of this API."""
    body: dict[str, Any] = {
        "model": model,
        "input": [dict(message) for message in case.messages],
        "temperature": 0,
        "max_output_tokens": LONGEST_ANSWER,
        "stream": stream,
    }
    tools = [{"type": "function", **tool["function"]} for tool in case.tools]
    return body | ({"tools": tools} if tools else {})


def terms(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return in the words of this API what a request to the chat address asks for. Raises UnknownTerm."""
    said: dict[str, Any] = {}
    for name, value in request.items():
        match name, value:
            case "tool_choice", {"function": {"name": str(tool)}}:
                said["tool_choice"] = {"type": "function", "name": tool}
            case ("tool_choice", str()) | ("parallel_tool_calls", bool()):
                said[name] = value
            case "max_tokens" | "max_completion_tokens", int():
                said[_LIMIT] = value
            case _:
                raise UnknownTerm(name)
    return said


def in_chat_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return in the words of the chat address what the checks want to know of a request to this one."""
    match body.get("tool_choice") or "auto":
        case str(choice) | {"type": "allowed_tools", "mode": str(choice)}:
            pass
        case _:
            choice = "required"  # of one tool, which is a call like any here
    return {
        "tool_choice": choice,
        "max_tokens": body.get(_LIMIT),
        **({"parallel_tool_calls": False} if body.get("parallel_tool_calls") is False else {}),
    }


def scripted(body: dict[str, Any], script: dict[str, Any]) -> dict[str, Any]:
    """Return a request with what the scripted engine is to say."""
    return {**body, "vllm_xargs": script}


def forcing_skip_reason(version: str, *, scripted: bool) -> str:  # noqa: ARG001 - as the other address has it
    """Return why no text can be forced here; empty if one can. A build that does not know its version counts as new."""
    if is_at_least(version, FORCES_SINCE):
        return ""
    return f"forcing at {PATH} was never seen before vLLM {FORCES_SINCE}, and this is {version}"


def forced(case: Case, chat_body: dict[str, Any]) -> dict[str, Any]:
    """Return the question whose answer is forced as that to the chat address is."""
    body = query(case, chat_body["model"], stream=chat_body["stream"])
    constraint = {name: chat_body[name] for name in _FORCING if name in chat_body}
    return {**body, **constraint, "max_output_tokens": chat_body["max_tokens"]}


def turn_of(calls: Sequence[ToolCall]) -> Items:
    """Return an answer that holds these calls, as a program keeps it for the next round."""
    return [
        {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
        for call in calls
    ]


def calls_in(turn: Items) -> tuple[ToolCall, ...]:
    """Return the calls that a turn holds."""
    items = [item for item in turn if item["type"] == "function_call"]
    return tuple(
        ToolCall(number, item["call_id"], "function", item["name"], item["arguments"])
        for number, item in enumerate(items)
    )


def follow_up(case: Case, model: str, turn: Items, results: Sequence[str], *, stream: bool) -> dict[str, Any]:
    """Return the round after the tools ran; like the chat scenarios, it has no tools on offer."""
    body = query(case, model, stream=stream)
    body.pop("tools", None)
    body["input"] += [*turn, *outputs_of(turn, results)]
    return body


def outputs_of(turn: Items, results: Sequence[str]) -> Items:
    """Return what the tools gave, one result a call of a turn."""
    return [
        {"type": "function_call_output", "call_id": call.id, "output": result}
        for call, result in zip(calls_in(turn), results, strict=True)
    ]


def send(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> ClientResult:
    """Ask by the official client; return what it makes of the answer."""
    with openai.OpenAI(
        base_url=f"{deployment.base_url}/v1",
        api_key=deployment.api_key or NO_KEY,
        max_retries=0,
        timeout=None,
        http_client=httpx2.Client(transport=transport, trust_env=False, timeout=None),
    ) as client:
        words = {name: body[name] for name in ("model", "input", "stream")}
        extra = {name: value for name, value in body.items() if name not in words}
        answer: Any = client.responses.create(**words, extra_body=extra)
        if not body["stream"]:
            return result_of(answer.to_dict())
        ended = [event for event in answer if event.type in _ENDS]
        return result_of(ended[-1].response.to_dict()) if ended else ClientResult(())


def result_of(response: dict[str, Any]) -> ClientResult:
    """Return what a response object says."""
    items = response.get("output") or []
    calls = tuple((item["name"], item["arguments"]) for item in items if item["type"] == "function_call")
    parts = [part for item in items if item["type"] == "message" for part in item.get("content") or ()]
    text = "".join(part.get("text") or "" for part in parts)
    return ClientResult(calls, text, _ending(response, bool(calls)), turn=tuple(items))


def _ending(response: dict[str, Any], has_calls: bool) -> str:
    """Return why a response ended. One that is complete says no reason: a call in it asks for tools to be run."""
    if response.get("status") == "completed":
        return "tool_calls" if has_calls else "stop"
    reason = (response.get("incomplete_details") or {}).get("reason")
    return "length" if reason == _LIMIT else str(reason or response.get("status") or "")


def joined(events: Items) -> ClientResult:
    """Return what the events of a stream that is in order say."""
    return result_of(events[-1]["response"])


def streamed(events: Items) -> ClientResult:
    """Return what the deltas alone say: what a program shows while the answer comes."""
    calls: dict[int, list[str]] = {}
    text = ""
    for event in events:
        match event:
            case {"type": "response.output_item.added", "item": {"type": "function_call", "name": str(name)}}:
                calls[event["output_index"]] = [name, ""]
            case {"type": "response.function_call_arguments.delta", "delta": str(piece)}:
                calls[event["output_index"]][1] += piece
            case {"type": "response.output_text.delta", "delta": str(piece)}:
                text += piece
    last = events[-1].get("response") if events else None
    ending = _ending(last, bool(calls)) if isinstance(last, dict) else ""
    return ClientResult(tuple((name, arguments) for name, arguments in calls.values()), text, ending)


def as_client_reads(raw: ClientResult) -> ClientResult:
    """Return a result as the client gives it: it changes nothing."""
    return raw
