"""The correct server's answers, in the form in which vLLM sends them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.harness.core.records.case import Case, ExpectedCall
from tests.harness.suites.clients.recording_client import ADDRESSES

DEFECT = None
FINDINGS: dict[str, set[str]] = {"stream": set(), "whole": set()}
MODEL = "scripted"
ENVELOPE = {"id": "chatcmpl-1", "created": 1_790_000_000, "model": MODEL}
USAGE = {"prompt_tokens": 20, "completion_tokens": 12, "total_tokens": 32}


@dataclass(frozen=True)
class Call:
    """A call as the server is about to say it: arguments are text, right or wrong."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Answer:
    """What the model means to say, before it becomes chunks or a body."""

    calls: tuple[Call, ...] = ()
    content: str | None = None
    cut: bool = False
    """The request's token limit was reached."""
    stopped: bool = False
    """A stop sequence came, or the call was demanded by its tool's name."""

    @property
    def finish_reason(self) -> str:
        if self.cut or self.stopped:
            return "length" if self.cut else "stop"
        return "tool_calls" if self.calls else "stop"

    def with_arguments(self, position: int, arguments: str) -> "Answer":
        """The same answer with other arguments in one call."""
        calls = list(self.calls)
        calls[position] = replace(calls[position], arguments=arguments)
        return replace(self, calls=tuple(calls))

    def with_name(self, position: int, name: str) -> "Answer":
        """The same answer with another name in one call."""
        calls = list(self.calls)
        calls[position] = replace(calls[position], name=name)
        return replace(self, calls=tuple(calls))


@dataclass(frozen=True)
class Wire:
    """What goes over the socket."""

    status: int
    media_type: str
    pieces: tuple[bytes, ...]
    headers: dict[str, str] = field(default_factory=dict)
    breaks: bool = False
    """The connection is cut before the body has ended."""


def answer_to(request: dict[str, Any], cases: Sequence[Case]) -> Answer:
    """The right answer to a request of either round."""
    case = case_of(request, cases)
    if case is None:
        return Answer(content="That is no question of the suite's.")
    if case.follow_up and any(message["role"] == "tool" for message in request["messages"]):
        return Answer(content=f"The tools say: {', '.join(case.follow_up.mentions)}.")
    return right_answer(case)


def case_of(request: dict[str, Any], cases: Sequence[Case]) -> Case | None:
    """The case that a request asks: of those with its question the one whose terms it meets most closely."""
    at_chat = [case for case in cases if case.topic not in ADDRESSES]
    asked = [case for case in at_chat if request["messages"][: len(case.messages)] == list(case.messages)]
    asked = [case for case in asked if _meets(case, request)]
    return max(asked, key=lambda case: _closeness(case, request), default=None)


def _closeness(case: Case, request: dict[str, Any]) -> tuple[Any, ...]:
    """A case with the same tools, a limit of its own, a longer history, more terms."""
    same_tools = list(case.tools) == request.get("tools", [])
    request_options = len(case.request_options.request), len(case.request_options.omit)
    limited = 0 if case.cut is None else 1 if request.get("max_tokens") == len(case.emitted_text) else -1
    return same_tools, limited, len(case.messages), *request_options


def _meets(case: Case, request: dict[str, Any]) -> bool:
    given = all(request.get(name) == value for name, value in case.request_options.request.items())
    return given and not any(name in request for name in case.request_options.omit)


def right_answer(case: Case) -> Answer:
    """A right first round; where it is cut, what was written comes as text."""
    if case.cut is not None or case.request_options.allowed_finish_reasons == ("length",):
        return Answer(content=case.emitted_text or "[", cut=True)
    if case.ends_early:
        return Answer(content=case.emitted_text or None, stopped=True)
    if case.free_form is not None:
        return _free_answer(case)
    case = case.settled()[0]
    calls = tuple(Call(call.name, _written(call)) for call in case.calls)
    named = isinstance(case.request_options.request.get("tool_choice"), dict)
    return Answer(calls, case.content, stopped=named)


def _written(call: ExpectedCall) -> str:
    """The arguments in their own letters; half of a pair has none."""
    written = call.verbatim or json.dumps(call.arguments, ensure_ascii=False)
    return call.text if any("\ud800" <= letter <= "\udfff" for letter in written) else written


def _free_answer(case: Case) -> Answer:
    """One of many right answers where the model is free."""
    steered = case.request_options.steered_text
    if steered and case.request_options.request.get("tool_choice") == "required":
        call, _ = json.JSONDecoder().raw_decode(steered[1:])
        return Answer((Call(call["name"], json.dumps(call["parameters"])),))
    return Answer(content=steered or "Fine.")


def chunks_of(answer: Answer, *, with_usage: bool) -> list[dict[str, Any]]:
    """The chunks of a stream."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in _pieces(answer.content or "")]
    for index, call in enumerate(answer.calls):
        deltas.append({"tool_calls": [introduction(index, call.name)]})
        for piece in _pieces(call.arguments):
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    chunks = [
        chunk({"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}) for delta in deltas
    ]
    chunks.append(
        chunk({"index": 0, "delta": {}, "finish_reason": answer.finish_reason, "stop_reason": None})
    )
    return [*chunks, {**chunk(), "usage": USAGE}] if with_usage else chunks


def introduction(index: int, name: str) -> dict[str, Any]:
    """The first delta of a call."""
    return {"index": index, "id": f"call_{index}", "type": "function", "function": {"name": name}}


def chunk(*choices: dict[str, Any]) -> dict[str, Any]:
    """A chunk with its envelope."""
    return {**ENVELOPE, "object": "chat.completion.chunk", "choices": list(choices)}


def whole_of(answer: Answer) -> dict[str, Any]:
    """The body of an answer that is not streamed."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": answer.content,
        "refusal": None,
        "reasoning": None,
    }
    calls = [
        {
            "id": f"call_{index}",
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for index, call in enumerate(answer.calls)
    ]
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish_reason}
    return {**ENVELOPE, "object": "chat.completion", "choices": [choice], "usage": USAGE}


def frame(data: str) -> bytes:
    """One server-sent event."""
    return f"data: {data}\n\n".encode()


def stream_wire(chunks: Sequence[dict[str, Any]]) -> Wire:
    """The chunks as server-sent events with their end marker."""
    pieces = [frame(json.dumps(entry, ensure_ascii=False)) for entry in chunks]
    return Wire(200, "text/event-stream; charset=utf-8", (*pieces, frame("[DONE]")))


def whole_wire(body: dict[str, Any]) -> Wire:
    """A body in one piece."""
    return Wire(200, "application/json", (json.dumps(body, ensure_ascii=False).encode(),))


def with_own_ids(wire: Wire, number: int) -> Wire:
    """Return the answer with ids that no answer of another number has; of several choices only the first has calls."""
    own = [
        piece.replace(b'"chatcmpl-1"', b'"chatcmpl-%d"' % number).replace(b'"call_', b'"call_%d_' % number)
        for piece in wire.pieces
    ]
    return replace(wire, pieces=tuple(own))


def _pieces(text: str) -> list[str]:
    return [text[start : start + 7] for start in range(0, len(text), 7)]
