"""What hostile and broken servers send: each takes a request and yields bytes, right ones nowhere."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from tests.harness.cases.load import load_cases
from tests.selftest.faulty_servers.correct import Answer, Call, answer_to, chunks_of, whole_of
from tests.selftest.scripted import LAST_CHUNK, RESET, Pause, Received, Step, chunk, head, sse

Behaviour = Callable[[Received], Iterable[Step]]
MINUTE = Pause(60)
MOMENT = Pause(0.02)
CALLS = 10_000
GIGABYTE = 1024**3
_PIECE = 65_536
CASES = load_cases()
_DONE = sse("[DONE]")
EVIL = "\x1b[2J\x1b]0;owned\x07\u202e \ud800"
"""Clears the screen and renames the window of whoever prints it; and half of a character."""


def streamed(request: Received) -> bool:
    return request.method == "POST" and bool(request.json().get("stream"))


def begin(request: Received, **headers: str) -> bytes:
    """The head of a chunked answer of the type that was asked for."""
    kind = "text/event-stream" if streamed(request) else "application/json"
    return head(**{"content_type": kind, "transfer_encoding": "chunked", **headers})


def body(*pieces: bytes | Pause, end: Step = LAST_CHUNK, **headers: str) -> Behaviour:
    """A chunk a piece, and how it ends."""

    def answer(request: Received) -> Iterator[Step]:
        yield begin(request, **headers)
        yield from (chunk(piece) if isinstance(piece, bytes) else piece for piece in pieces)
        yield end

    return answer


def says(text: bytes, **headers: str) -> Behaviour:
    """One event and the end marker, or one whole body, that holds `text`."""

    def answer(request: Received) -> Iterable[Step]:
        event = b"data: " + text + b"\n\n" + _DONE
        return body(event if streamed(request) else text, **headers)(request)

    return answer


def plain(status: str, text: bytes = b"", **headers: str) -> Behaviour:
    """The same in both modes, with a length."""
    answer = head(status, **{"content_length": str(len(text)), **headers}) + text
    return lambda _: [answer]


def forever(*steps: Step, before: bytes | None = None) -> Behaviour:
    """`before` (else the usual head), and then the same again and again."""

    def answer(request: Received) -> Iterator[Step]:
        yield begin(request) if before is None else before
        while True:
            yield from steps

    return answer


def gigabyte(of: bytes) -> Behaviour:
    """One chunk of a gigabyte."""

    def answer(request: Received) -> Iterator[Step]:
        yield begin(request) + b"%x\r\n" % GIGABYTE
        piece = of * (_PIECE // len(of))
        for _ in range(GIGABYTE // len(piece)):
            yield piece

    return answer


def told(answer: Callable[[Received], Answer], end: Step = LAST_CHUNK) -> Behaviour:
    """An answer in the form in which vLLM sends it."""

    def behave(request: Received) -> Iterable[Step]:
        return body(_bytes(answer(request), streamed(request)), end=end)(request)

    return behave


@cache
def _bytes(answer: Answer, stream: bool) -> bytes:
    if stream:
        return b"".join(map(sse, chunks_of(answer, with_usage=True))) + _DONE
    return json.dumps(whole_of(answer)).encode()


def right(request: Received) -> Answer:
    """What a good server says; to anything but a chat, nothing."""
    return answer_to(_chat(request), CASES)


def _chat(request: Received) -> dict[str, Any]:
    asked: dict[str, Any] = request.json() if request.method == "POST" else {}
    return asked if asked.get("messages") else {"messages": [{"role": "user", "content": ""}]}


def many_calls(_: Received) -> Answer:
    return Answer(tuple(Call("get_weather", "{}") for _ in range(CALLS)))


def steering(_: Received) -> Answer:
    return Answer((Call(EVIL, json.dumps({"location": EVIL}, ensure_ascii=False)),), EVIL)


@cache
def bomb(size: int, times: int) -> bytes:
    """So many zeros, compressed so many times over."""
    data = b"0" * size
    for _ in range(times):
        data = gzip.compress(data)
    return data


def exploding(size: int, times: int) -> Behaviour:
    """A body that grows when it is decompressed."""
    coding = ", ".join(["gzip"] * times)
    return body(bomb(size, times), content_encoding=coding)


def resetting(*pieces: bytes) -> Behaviour:
    """The connection is reset in the middle of what it says."""
    return body(*pieces, MOMENT, end=RESET)
