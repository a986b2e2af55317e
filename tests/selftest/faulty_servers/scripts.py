"""Finds the faulty servers, runs one over loopback HTTP, and says what it answers."""

import json
import pkgutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from itertools import count
from types import ModuleType
from typing import Any

import tests.selftest.faulty_servers
from tests.harness.core.records.case import Case
from tests.harness.core.records.cut import NamedTokens
from tests.harness.core.records.exchange import Exchange
from tests.harness.judging.check_context import UsedId
from tests.selftest.faulty_servers.changes import under_terms
from tests.selftest.faulty_servers.correct import (
    MODEL,
    Answer,
    Wire,
    answer_to,
    chunks_of,
    stream_wire,
    whole_of,
    whole_wire,
    with_own_ids,
)
from tests.selftest.refusing import refusal

_NO_DEFECTS = {"changes", "correct", "scripts"}
_USUAL_CASE = "weather-tokyo-and-new-york"


def _same(thing: Any) -> Any:
    return thing


@dataclass(frozen=True)
class Script:
    """A faulty server as its module describes it."""

    name: str
    findings: dict[str, set[str]]
    """Mode -> all that the checks say."""
    defect: str = ""
    case_id: str = _USUAL_CASE
    round: int = 1
    profile: dict[str, Any] = field(default_factory=dict)
    """Fields of the profile under which it is judged, where they are not the usual ones."""
    request: dict[str, Any] = field(default_factory=dict)
    """Fields of the request; None: left out."""
    run_calls: bool = False
    """Whether the calls of the answer are run, as before a second round."""
    used: tuple[UsedId, ...] = ()
    """Ids of its answer that something else in the run has too."""
    tokens: NamedTokens | None = None
    """What its answer names."""
    same_cut: Exchange | None = None
    """An earlier answer to the same text in the same deltas."""
    case: Callable[[Case], Case] = _same
    """The case as this defect needs it."""
    answer: Callable[[Answer], Answer] = _same
    chunks: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = _same
    whole: Callable[[dict[str, Any]], dict[str, Any]] = _same
    wire: Callable[[Wire], Wire] = _same
    """What is sent; sees whether it is a stream by the media type."""


def script_of(module: ModuleType) -> Script:
    """The server that a module describes."""
    given = {
        field_name: getattr(module, name)
        for name, field_name in {
            "DEFECT": "defect",
            "CASE": "case_id",
            "ROUND": "round",
            "PROFILE": "profile",
            "REQUEST": "request",
            "RUN_CALLS": "run_calls",
            "USED": "used",
            "TOKENS": "tokens",
            "SAME_CUT": "same_cut",
            **{name: name for name in ("case", "answer", "chunks", "whole", "wire")},
        }.items()
        if hasattr(module, name)
    }
    return Script(module.__name__.rpartition(".")[2], module.FINDINGS, **given)


def faulty_servers() -> tuple[Script, ...]:
    """Every defect of this folder."""
    entries = pkgutil.iter_modules(tests.selftest.faulty_servers.__path__)
    names = sorted(entry.name for entry in entries if entry.name not in _NO_DEFECTS)
    return tuple(
        script_of(import_module(f"{tests.selftest.faulty_servers.__name__}.{name}")) for name in names
    )


def wire_of(script: Script, request: dict[str, Any], cases: Sequence[Case]) -> Wire:
    """What a server sends to a request."""
    answer = script.answer(answer_to(request, cases))
    if not request.get("stream"):
        return script.wire(whole_wire(script.whole(under_terms(whole_of(answer), request))))
    with_usage = bool((request.get("stream_options") or {}).get("include_usage"))
    chunks = chunks_of(answer, with_usage=with_usage)
    chunks = [under_terms(chunk, request, is_first=number == 1) for number, chunk in enumerate(chunks)]
    return script.wire(stream_wire(script.chunks(chunks)))


@contextmanager
def serve(script: Script, cases: Sequence[Case]) -> Iterator[str]:
    """Run a server on a free loopback port; yields its base URL, without `/v1`."""
    handler = type("Handler", (_Handler,), {"script": script, "cases": cases, "numbers": count(1)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    script: Script
    cases: Sequence[Case]
    numbers: Iterator[int]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        bodies = {
            "/health": {},
            "/version": {"version": "0.32.0"},
            "/openapi.json": {"paths": {}},
            "/v1/models": {
                "object": "list",
                "data": [{"id": MODEL, "object": "model", "max_model_len": 4096}],
            },
        }
        body = bodies.get(self.path)
        if body is None:
            body = {"detail": "Not Found"}
        self._send(
            Wire(200 if self.path in bodies else 404, "application/json", (json.dumps(body).encode(),))
        )

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        refused = refusal(self.command, self.path, self.headers, content, MODEL)
        if refused:
            self._send(refused)
        else:
            answer = wire_of(self.script, json.loads(content), self.cases)
            self._send(with_own_ids(answer, next(self.numbers)))

    do_DELETE = do_POST

    def _send(self, wire: Wire) -> None:
        self.close_connection = True
        if not wire.status:
            return
        self.send_response(wire.status)
        headers = {"Content-Type": wire.media_type, "Transfer-Encoding": "chunked", "Connection": "close"}
        for name, value in {**headers, **wire.headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        for piece in wire.pieces:
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if not wire.breaks:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's signature
        """Say nothing."""
