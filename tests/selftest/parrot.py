"""A server on loopback that says the text a request's grammar forces, and reads calls out of it, rightly or wrongly."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Protocol

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.deployment import Deployment
from tests.harness.servers.external import ExternalServer
from tests.harness.servers.launch import Server
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target
from tests.harness.suites.answer_store import AnswerStore
from tests.selftest.faulty_servers.correct import (
    Answer,
    Wire,
    chunks_of,
    stream_wire,
    whole_of,
    whole_wire,
    with_own_ids,
)
from tests.selftest.reference_reader import read

Request = dict[str, Any]
END_TOKEN = 0
"""Ends an answer; any other character is a token of its own."""
Spoil = Callable[[Answer, Request], Answer]


class Speaker(Protocol):
    """Answers requests for completions; None: hangs up."""

    def wire(self, request: Request) -> Wire | None: ...


class ReadingParrot:
    """Reads any text by the reference reader; `spoil` makes of a right answer what a faulty parser makes of it."""

    def __init__(self, spoil: Spoil = lambda answer, _: answer) -> None:
        self.spoil = spoil
        self.dead = False
        self.asked = 0
        self._counting = Lock()

    def wire(self, request: Request) -> Wire | None:
        with self._counting:
            self.asked += 1
            number = self.asked
        if self.dead:
            return None
        answer = Answer(content=forced_text(request))
        if "tools" in request:
            answer = self.spoil(read(forced_text(request)), request)
        if request.get("stream"):
            return with_own_ids(stream_wire(chunks_of(answer, with_usage=True)), number)
        return with_own_ids(whole_wire(whole_of(answer)), number)


def forced_text(request: Request) -> str:
    """The one sentence of a request's grammar; a word where nothing is forced, as when a server is looked at."""
    if "structured_outputs" not in request:
        return "Yes."
    return str(json.loads(request["structured_outputs"]["grammar"].removeprefix("root ::= ")))


@contextmanager
def serving(parrot: Speaker) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/tokenize":
                body = json.dumps({"tokens": [ord(request["prompt"])]}).encode()
                wire: Wire | None = Wire(200, "application/json", (body,))
            elif self.path == "/detokenize":
                text = "".join(map(chr, request["tokens"])).replace(chr(END_TOKEN), "</s>")
                wire = Wire(200, "application/json", (json.dumps({"prompt": text}).encode(),))
            else:
                wire = parrot.wire(request)
            if wire is None:
                return
            self.send_response(wire.status)
            self.send_header("Content-Type", wire.media_type)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"".join(wire.pieces))

        def do_GET(self) -> None:
            bodies = {"/version": {"version": "0.32.0"}, "/v1/models": {"object": "list", "data": MODELS}}
            if getattr(parrot, "dead", False):
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(bodies.get(self.path, {})).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


MODELS: Sequence[dict[str, Any]] = ({"id": "m", "object": "model", "max_model_len": 4096},)


@contextmanager
def answer_store_of(
    parrot: Speaker, folder: Path, write: Callable[[str], None] = lambda _: None, *, scripted: bool = False
) -> Iterator[AnswerStore]:
    """What a parrot answers, served as vLLM 0.32.0 with the fixture's profile."""
    folder.mkdir(exist_ok=True)
    with serving(parrot) as url:
        target, profile = parse_target(url), load_profile("fixture")
        request = LaunchRequest(target, profile, folder / "server.log", folder, Progress(write))
        deployment = Deployment(
            "parrot", target, profile, url, "m", "0.32.0", managed=False, scripted=scripted
        )
        answer_store = AnswerStore(Server(deployment, ExternalServer(url), request, 0.0), folder)
        yield answer_store
        answer_store.close()
