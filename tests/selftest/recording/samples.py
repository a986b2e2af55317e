"""AnswerStore: made by hand, for tests that need no server, or with a scripted one."""

import json
from typing import Any

from tests.harness.core.http.limits import Limits
from tests.harness.core.records.exchange import Exchange, ExchangeKey, Frame
from tests.harness.recording.recorder import Recorder
from tests.selftest.scripted import Answer, ScriptedServer, sse

BODY = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True}


def exchange(
    *pieces: bytes,
    content_type: str = "text/event-stream",
    status: int | None = 200,
    error: str | None = None,
    body: dict[str, object] | None = None,
    attempt: int = 0,
) -> Exchange:
    """A recording whose frame number n (from 1) arrived after n seconds."""
    return Exchange(
        key=ExchangeKey("case", "stream", "natural", attempt, "0" * 64),
        method="POST",
        path="/v1/chat/completions",
        request=json.dumps(BODY if body is None else body).encode(),
        sent_at=1.5,
        status=status,
        headers=(("content-type", content_type),) if content_type else (),
        frames=tuple(Frame(float(number), piece) for number, piece in enumerate(pieces, start=1)),
        ended_at=len(pieces) + 0.5,
        error=error,
    )


def delta(index: object = 0, **fields: object) -> dict[str, object]:
    """A chunk of a stream with one choice; `index=None` leaves the index out."""
    choice = {"delta": fields} if index is None else {"index": index, "delta": fields}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


KEY = "sk-secret-0123456789"
DONE = sse("[DONE]")
HI = sse(delta(content="hi"))


def record(answer: Answer, limits: Limits | None = None, body: dict[str, Any] | None = None) -> Exchange:
    """What is recorded when a server gives `answer`."""
    with ScriptedServer(answer) as server, Recorder(server.url, KEY, limits) as recorder:
        return recorder.record("case", "stream", "natural", 0, BODY if body is None else body)
