"""A borrowed server is asked what it can do, and what works is used."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.servers.abilities import Abilities, abilities_of
from tests.harness.servers.external import ExternalServer

ALL = Abilities(scripted=True, forces=True, by_character=True, by_interval=True, names_tokens=True)
NOTHING = Abilities()


class Able:
    """Does what its abilities say: writes a forced text, token by token or several in a delta, and names the tokens."""

    def __init__(self, abilities: Abilities) -> None:
        self.abilities = abilities
        self.asked: list[str] = []

    def answer(self, path: str, body: dict[str, Any]) -> bytes:
        self.asked.append(path)
        if path == "/tokenize":
            return json.dumps({"tokens": [ord(body["prompt"])]}).encode()
        text = self._text(body)
        if not body.get("stream"):
            return json.dumps({"choices": [{"message": {"content": text}}]}).encode()
        by_character = self.abilities.by_character and "logit_bias" in body
        tokens = [*range(len(text) if by_character else 2), 0]
        size = body["stream_interval"] if self.abilities.by_interval else 1
        deltas = [tokens[at : at + size] for at in range(0, len(tokens), size)]
        named = [{"token_ids": delta} if self.abilities.names_tokens else {} for delta in deltas]
        frames = [json.dumps({"choices": [{"delta": {}, **entry}]}) for entry in named]
        return "".join(f"data: {frame}\n\n" for frame in [*frames, "[DONE]"]).encode()

    def _text(self, body: dict[str, Any]) -> str:
        if self.abilities.scripted and "vllm_xargs" in body:
            return str(body["vllm_xargs"]["script"])
        if self.abilities.forces and "structured_outputs" in body:
            return str(json.loads(body["structured_outputs"]["grammar"].removeprefix("root ::= ")))
        return "Hello!"


@contextmanager
def serving(able: Able, status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(able.answer(self.path, body))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    "abilities",
    [
        NOTHING,
        ALL,
        Abilities(forces=True),
        Abilities(forces=True, names_tokens=True),
        Abilities(forces=True, by_character=True, names_tokens=True),
        Abilities(forces=True, by_character=True, by_interval=True, names_tokens=True),
    ],
    ids=lambda abilities: abilities.shown,
)
def test_what_a_server_can_do_is_found(abilities: Abilities) -> None:
    able = Able(abilities)
    with serving(able) as url:
        found = abilities_of(ExternalServer(url), "m", "0.32.0", 10.0)
    assert found == abilities
    assert able.asked.count("/v1/chat/completions") == 3
    assert Abilities.of_shown(found.shown) == found


def test_a_server_that_refuses_all_of_it_can_do_nothing() -> None:
    with serving(Able(ALL), status=400) as url:
        assert abilities_of(ExternalServer(url), "m", "0.32.0", 10.0) == NOTHING
    assert abilities_of(ExternalServer("http://127.0.0.1:1"), "m", "0.32.0", 1.0) == NOTHING


@pytest.mark.parametrize(
    ("abilities", "forcing", "splits"),
    [
        (NOTHING, False, ("natural",)),
        (Abilities(forces=True), True, ("natural", "random-*")),
        (ALL, True, ("natural", "char", "every-*", "random-*")),
        (Abilities(forces=True, by_character=True), True, ("natural", "random-*", "char")),
    ],
)
def test_what_works_is_promised(abilities: Abilities, forcing: bool, splits: tuple[str, ...]) -> None:
    profile = abilities.profile(load_profile("borrowed"))
    assert (profile.forcing, profile.splits) == (forcing, splits)


def test_what_was_found_is_said_with_what_was_not() -> None:
    shown = Abilities(forces=True, names_tokens=True).shown
    assert shown == (
        "forcing by grammar, tokens named; not: forcing by script, one token a character, deltas of several tokens"
    )
