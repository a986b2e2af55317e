"""Subjects without a network: what a scripted server would send, put straight into a recording."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.core.records.case import Case, ExpectedCall, Mode
from tests.harness.core.records.exchange import Exchange, ExchangeKey, Frame
from tests.harness.core.records.profile import Profile
from tests.harness.judging.check_context import CheckContext
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.sdk_view import sdk_view
from tests.selftest.faulty_servers.correct import (
    MODEL,
    Answer,
    Call,
    Wire,
    chunks_of,
    stream_wire,
    whole_of,
    whole_wire,
)

SYNTAX = dialect_named("xlam").syntax
ANY_OBJECT: Mapping[str, Any] = MappingProxyType({"type": "object"})


def case_with(*calls: ExpectedCall, content: str | None = None) -> Case:
    """A case that offers the tools of its calls, and two more, with any arguments."""
    names = dict.fromkeys([*(call.name for call in calls), "first", "second"])
    tools = tuple(
        {"type": "function", "function": {"name": name, "parameters": ANY_OBJECT}} for name in names
    )
    messages = ({"role": "user", "content": "Do it"},)
    return Case("made-up", "self-test", "xlam", "made up for a self-test", messages, tools, calls, content)


def subject_for(case: Case, wire: Wire, mode: Mode, **profile: Any) -> CheckContext:
    body = {
        "model": MODEL,
        "messages": list(case.messages),
        "tools": list(case.tools),
        "stream": mode == "stream",
    }
    if mode == "stream":
        body["stream_options"] = {"include_usage": True}
    exchange = Exchange(
        key=ExchangeKey(case.id, mode, "natural", 0, "0"),
        method="POST",
        path="/v1/chat/completions",
        request=json.dumps(body, default=dict).encode(),
        sent_at=0.0,
        status=wire.status,
        headers=(("Content-Type", wire.media_type),),
        frames=tuple(Frame(0.01 * number, piece) for number, piece in enumerate(wire.pieces)),
        ended_at=1.0,
    )
    return CheckContext(
        case=case,
        profile=Profile(
            id="made-up", model=MODEL, parser="xlam", why="for a self-test", syntax=SYNTAX, **profile
        ),
        mode=mode,
        split="natural",
        turn=1,
        request=body,
        exchange=exchange,
        reply=read_reply(exchange, streamed=mode == "stream"),
        sdk=sdk_view(exchange),
    )


def answered(case: Case, answer: Answer, mode: Mode = "stream", **profile: Any) -> CheckContext:
    """The subject of an answer that is sent as it should be."""
    streamed = stream_wire(chunks_of(answer, with_usage=True))
    return subject_for(case, streamed if mode == "stream" else whole_wire(whole_of(answer)), mode, **profile)


def call(name: str, arguments: object) -> Call:
    return Call(name, json.dumps(arguments, ensure_ascii=False))
