"""A scripted server that answers the scenarios and says forced texts too, and counts how often it was looked at.

With `script` it has that defect in natural answers, with `forgets_calls` it loses the calls of streamed forced texts.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.harness.catalogue.load import load_cases
from tests.selftest.faulty_servers.correct import (
    Answer,
    Call,
    Wire,
    chunks_of,
    stream_wire,
    whole_of,
    whole_wire,
)
from tests.selftest.faulty_servers.scripts import Script, faulty_servers, wire_of

MODEL = "scripted"
CORRECT = Script("correct", {})
CASES = load_cases()


@dataclass
class Talker:
    """What the server does, and what was asked of it."""

    script: Script = CORRECT
    forgets_calls: bool = False
    version: str = "0.32.0"
    slow_s: float = 0.0
    padding: int = 0
    """Bytes without a meaning before each answer, for recordings of a size."""
    asked: Counter[str] = field(default_factory=Counter)
    url: str = ""

    @property
    def target(self) -> str:
        """With everything promised that can be forced."""
        return f"{self.url}[profile=fixture,model={MODEL}]"

    def wire(self, request: dict[str, Any]) -> Wire:
        time.sleep(self.slow_s)
        grammar = request.get("structured_outputs", {}).get("grammar")
        if grammar is None:
            return wire_of(self.script, request, CASES)
        text = json.loads(grammar.removeprefix("root ::= "))
        answer = Answer(content=text)
        if "tools" in request:
            case = next(case for case in CASES if case.text == text)
            calls = tuple(Call(call.name, json.dumps(call.arguments)) for call in case.calls)
            forgotten = self.forgets_calls and request["stream"]
            answer = Answer(() if forgotten else calls, case.content)
        if request["stream"]:
            return stream_wire(chunks_of(answer, with_usage=True))
        return whole_wire(whole_of(answer))

    def pad(self, request: dict[str, Any]) -> bytes:
        """What a reader leaves out: a comment in a stream, blanks before a body."""
        if not self.padding:
            return b""
        return b":" + b"." * self.padding + b"\n\n" if request.get("stream") else b" " * self.padding

    def get(self, path: str) -> object:
        return {"/version": {"version": self.version}, "/v1/models": {"data": [{"id": MODEL}]}}.get(path, {})


def defect(name: str) -> Script:
    return next(script for script in faulty_servers() if script.name == name)


@contextmanager
def talking(talker: Talker | None = None) -> Iterator[Talker]:
    talker = talker or Talker()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            talker.asked[self.path] += 1
            self._say(Wire(200, "application/json", (json.dumps(talker.get(self.path)).encode(),)))

        def do_POST(self) -> None:
            talker.asked[self.path] += 1
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/tokenize":
                tokens = [ord(letter) for letter in request.get("prompt", "?")]
                self._say(Wire(200, "application/json", (json.dumps({"tokens": tokens}).encode(),)))
            elif self.path == "/v1/chat/completions":
                wire = talker.wire(request)
                self._say(replace(wire, pieces=(talker.pad(request), *wire.pieces)))
            else:
                self._say(Wire(404, "application/json", (b"{}",)))

        def _say(self, wire: Wire) -> None:
            self.send_response(wire.status)
            self.send_header("Content-Type", wire.media_type)
            self.send_header("Connection", "close")
            self.end_headers()
            for piece in wire.pieces:
                self.wfile.write(piece)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        talker.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield talker
        finally:
            server.shutdown()
            thread.join()
