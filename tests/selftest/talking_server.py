"""A scripted server that answers the scenarios and says forced texts too, and counts how often it was looked at.

With `script` it has that defect in natural answers, with `forgets_calls` it loses the calls of streamed forced texts.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any

from tests.harness.cases.load import load_cases
from tests.selftest.faulty_servers.changes import under_terms
from tests.selftest.faulty_servers.correct import (
    Answer,
    Wire,
    case_of,
    chunks_of,
    right_answer,
    stream_wire,
    whole_of,
    whole_wire,
    with_own_ids,
)
from tests.selftest.faulty_servers.scripts import Script, faulty_servers, wire_of
from tests.selftest.refusing import refusal

MODEL = "scripted"
CORRECT = Script("correct", {})
CASES = load_cases()


@dataclass
class Talker:
    """What the server does, and what was asked of it."""

    script: Script = CORRECT
    forgets_calls: bool = False
    version: str = "0.32.0"
    fails: Callable[[dict[str, Any]], bool] = lambda _: False
    """Requests that it answers with status 500."""
    slow_s: float = 0.0
    padding: int = 0
    """Bytes without a meaning before each answer, for recordings of a size."""
    asked: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=count)
    url: str = ""

    @property
    def target(self) -> str:
        """With everything promised that can be forced."""
        return f"{self.url}[profile=fixture,model={MODEL}]"

    def wire(self, request: dict[str, Any]) -> Wire:
        time.sleep(self.slow_s)
        if self.fails(request):
            return replace(whole_wire({"error": {"message": "boom", "code": 500}}), status=500)
        grammar = request.get("structured_outputs", {}).get("grammar")
        if grammar is None:
            return self._with_own_ids(wire_of(self.script, request, CASES))
        text = json.loads(grammar.removeprefix("root ::= "))
        is_cut = request["max_tokens"] <= len(text)
        answer = Answer(content=text[: request["max_tokens"]], cut=is_cut)
        if "tools" in request:
            found = case_of(request, [case for case in CASES if case.text == text])
            answer = right_answer(found) if found else answer
            if self.forgets_calls and request["stream"]:
                answer = replace(answer, calls=())
        if request["stream"]:
            chunks = chunks_of(answer, with_usage="stream_options" in request)
            chunks = [under_terms(chunk, request, is_first=at == 1) for at, chunk in enumerate(chunks)]
            return self._with_own_ids(stream_wire(chunks))
        return self._with_own_ids(whole_wire(under_terms(whole_of(answer), request)))

    def _with_own_ids(self, wire: Wire) -> Wire:
        return with_own_ids(wire, next(self.numbers))

    def pad(self, request: dict[str, Any]) -> bytes:
        """What a reader leaves out: a comment in a stream, blanks before a body."""
        if not self.padding:
            return b""
        return b":" + b"." * self.padding + b"\n\n" if request.get("stream") else b" " * self.padding

    def post(self, path: str, request: dict[str, Any]) -> Wire:
        """An answer to a request that is in order."""
        if path == "/tokenize":
            tokens = [ord(letter) for letter in request.get("prompt", "?")]
            return Wire(200, "application/json", (json.dumps({"tokens": tokens}).encode(),))
        wire = self.wire(request)
        return replace(wire, pieces=(self.pad(request), *wire.pieces))

    def get(self, path: str) -> object:
        return {
            "/version": {"version": self.version},
            "/v1/models": {"data": [{"id": MODEL}]},
            "/openapi.json": {"paths": {}},
        }.get(path, {})


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
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            refused = refusal(self.command, self.path, self.headers, content, MODEL)
            self._say(refused or talker.post(self.path, json.loads(content)))

        do_DELETE = do_POST

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
