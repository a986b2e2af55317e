"""A small server that says forced texts to many clients at a time, counts them at `/metrics`, and may have defects.

As a program it serves until it is ended: `python -m tests.selftest.suites.load.busy_server` prints its port.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.deployment import Deployment
from tests.harness.servers.external import ExternalServer
from tests.harness.servers.launch import Server
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.load.texts import SECRET
from tests.selftest.faulty_servers.correct import Answer, chunks_of, frame
from tests.selftest.parrot import forced_text
from tests.selftest.reference_reader import read

_HEAD = b"HTTP/1.1 %d OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n"


@dataclass
class Busy:
    """What the server does wrong, and what it is doing."""

    leaks: bool = False
    """A client gets the secret of the one before it."""
    loses: bool = False
    """Arguments do not arrive."""
    refuses_beyond: int = 10_000
    """More requests than that are answered with 500."""
    cuts_beyond: int = 10_000
    """More requests than that end without their end marker."""
    never_notices: bool = False
    """Requests of clients that left run on."""
    counts_nothing: bool = False
    """`/metrics` says zero whatever runs."""
    sulks: bool = False
    """Once a client has left, every request is refused."""
    reads_again: bool = False
    """Every delta costs as much as all text before it."""
    stalls: bool = False
    """While arguments are streamed nobody is answered."""
    halves_text: bool = False
    """Half of a text is lost."""
    one_at_a_time: bool = False
    """Nobody is answered while another one's text is being sent."""
    pace_s: float = 0.001
    running: int = 0
    last_secret: str = ""
    left: int = 0
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, _ = head.decode().split(" ", 2)
        if method == "GET":
            writer.write(self._get(path))
        else:
            length = re.search(rb"(?i)content-length: (\d+)", head)
            request = json.loads(await reader.readexactly(int(length.group(1)) if length else 0))
            await self._counted(request, writer)
        writer.close()

    def _get(self, path: str) -> bytes:
        bodies = {
            "/version": json.dumps({"version": "0.32.0"}),
            "/v1/models": json.dumps({"object": "list", "data": [{"id": "m", "object": "model"}]}),
            "/metrics": f'vllm:num_requests_running{{engine="0"}} {0 if self.counts_nothing else self.running}.0\n'
            'vllm:num_requests_waiting{engine="0"} 0.0\n',
        }
        return _HEAD % (200, b"application/json") + bodies.get(path, "{}").encode()

    async def _counted(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        self.running += 1
        try:
            await self._stream(request, writer)
        except ConnectionError:
            self.left += 1
            if self.never_notices:
                return
        self.running -= 1

    async def _stream(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if self.running > self.refuses_beyond or (self.sulks and self.left):
            writer.write(_HEAD % (500, b"application/json") + b'{"error": {"message": "Already borrowed"}}')
            return
        writer.write(_HEAD % (200, b"text/event-stream"))
        text = self._text(request)
        answer = read(text) if "tools" in request else Answer(content=text)
        if self.one_at_a_time:
            async with self.sending:
                await self._send(request, answer, writer)
        else:
            await self._send(request, answer, writer)

    async def _send(self, request: dict[str, Any], answer: Answer, writer: asyncio.StreamWriter) -> None:
        chunks = chunks_of(answer, with_usage=True)
        padding = "." * 20_000 if request.get("logprobs") else ""
        if self.stalls and answer.calls:
            time.sleep(1.5)  # on purpose: the whole server stands still
        for number, chunk in enumerate(chunks):
            writer.write(frame(json.dumps({**chunk, "padding": padding} if padding else chunk)))
            await writer.drain()
            await asyncio.sleep(self._pause_s(answer, number))
            if writer.transport.is_closing():
                raise ConnectionResetError
        if self.running <= self.cuts_beyond:
            writer.write(frame("[DONE]"))
        await writer.drain()

    def _pause_s(self, answer: Answer, number: int) -> float:
        """A right server takes as long for each delta."""
        size = len(answer.calls[0].arguments) if answer.calls else 0
        return self.pace_s * (1 + (size / 40 if self.reads_again and number else 0))

    def _text(self, request: dict[str, Any]) -> str:
        text = forced_text(request)
        own = SECRET.search(text)
        if self.leaks and own and self.last_secret:
            text = text.replace(own.group(), self.last_secret)
        if self.loses and "tools" in request:
            text = SECRET.sub("", text)
        if own:
            self.last_secret = own.group()
        return text[: len(text) // 2] if self.halves_text and "tools" not in request else text


async def _serve(busy: Busy, ready: "asyncio.Future[int]") -> None:
    server = await asyncio.start_server(busy.answer, "127.0.0.1", 0, backlog=2048)
    ready.set_result(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


@contextmanager
def serving(busy: Busy) -> Iterator[str]:
    """The server in a thread of this process."""
    loop = asyncio.new_event_loop()
    ready: asyncio.Future[int] = loop.create_future()
    serving_ = loop.create_task(_serve(busy, ready))
    port = loop.run_until_complete(ready)
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(serving_.cancel)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_end_all())
        loop.close()


async def _end_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def recordings_at(url: str, folder: Path, answer_timeout_s: float = 20.0) -> Iterator[AnswerStore]:
    """What a server answers that is taken for vLLM 0.32.0 with the fixture's profile, and for ours."""
    folder.mkdir(exist_ok=True)
    target, profile = parse_target(url), load_profile("fixture")
    request = LaunchRequest(
        target,
        profile,
        folder / "server.log",
        folder,
        Progress(lambda _: None),
        answer_timeout_s=answer_timeout_s,
    )
    deployment = Deployment("busy", target, profile, url, "m", "0.32.0", managed=True)
    answer_store = AnswerStore(Server(deployment, ExternalServer(url), request, 0.0), folder)
    yield answer_store
    answer_store.close()


async def _main() -> None:
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving_ = asyncio.create_task(_serve(Busy(pace_s=0.05), ready))
    sys.stdout.write(f"{await ready}\n")
    sys.stdout.flush()
    await serving_


if __name__ == "__main__":
    asyncio.run(_main())
