"""Whole sessions against hostile servers, from the outside: their word, their time, their memory, their tone."""

from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

import pytest

from tests.selftest.faulty_servers.correct import with_own_ids
from tests.selftest.faulty_servers.scripts import wire_of
from tests.selftest.hostile.measured import Measured, measured
from tests.selftest.hostile_servers.behaviours import CASES, Behaviour
from tests.selftest.hostile_servers.table import HOSTILE
from tests.selftest.recording.samples import KEY
from tests.selftest.scripted import Received, ScriptedServer, Step, head, whole
from tests.selftest.talking_server import CORRECT

MOST_MB = 400
"""A session with a good server takes 100; 16 answers at a time, each held up to its limit of 16 MB, come on top."""
BEHAVIOUR = {hostile.name: hostile.answer for hostile in HOSTILE}
LISTED = {"/v1/models": {"data": [{"id": "m"}]}, "/version": {"version": "0.32.0"}, "/health": {}}
SCENARIOS = ("-k", "test_scenarios")
QUERY = ("-k", "test_query and weather-tokyo")
NUMBERS = count(1)
"""One an answer: an id comes once in a run."""


def good(request: Received) -> Iterable[Step]:
    if request.path != "/v1/chat/completions":
        return [whole(LISTED.get(request.path, {}))]
    wire = with_own_ids(wire_of(CORRECT, request.json(), CASES), next(NUMBERS))
    return [head(content_type=wire.media_type), *wire.pieces]


def is_probe(request: Received) -> bool:
    """The question before the tests: one token, to see whether tools are taken."""
    return request.path == "/v1/chat/completions" and request.json().get("max_tokens") == 1


def then(behaviour: Behaviour, when: Callable[[Received], bool]) -> ScriptedServer:
    return ScriptedServer(lambda request: behaviour(request) if when(request) else good(request))


def in_tests(name: str) -> ScriptedServer:
    """Attaches well, and does it to each question of the tests, and beside them."""
    return then(BEHAVIOUR[name], lambda request: request.method == "POST" and not is_probe(request))


def require_told(ended: Measured) -> None:
    """A word, no traceback, nothing that steers a terminal, and no more memory than is said."""
    assert "verdict on" in ended.said, ended.said
    for unwanted in ("Traceback", "INTERNALERROR", "Error: Unicode"):
        assert unwanted not in ended.said, ended.said
    assert all(line.isprintable() for line in ended.said.split("\n"))
    assert ended.peak_mb < MOST_MB, f"{ended.peak_mb:.0f} MB"


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("gigabyte-in-a-frame", SCENARIOS, "LimitError: the body is larger than"),
        ("ten-thousand-calls", QUERY, "expected-calls/extra-call"),
        ("terminal-escapes", ("-k", "weather-tokyo"), "offered-name/invented-call"),
    ],
)
def test_a_hostile_answer_is_a_no_go(name: str, words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    with in_tests(name) as server:
        ended = measured(tmp_path, "--target", server.url, *words)
    require_told(ended)
    assert ended.status == 1, ended.said
    assert "NO-GO" in ended.said
    assert says in ended.said


def test_answers_that_never_come_end_the_run_without_a_verdict(tmp_path: Path) -> None:
    with in_tests("never-answers") as server:
        ended = measured(tmp_path, "--target", server.url, "--answer-timeout", "1")
        asked = [request for request in server.received if request.method == "POST"]
    require_told(ended)
    assert ended.status == 10, ended.said
    assert "so no more are asked for (the end is at 3 times --answer-timeout 1)" in ended.said
    assert len(asked) < 10


def test_a_server_that_goes_deaf_ends_the_run_at_once(tmp_path: Path) -> None:
    """Not even `/health` answers after the first question of the tests."""
    deaf = False

    def after_the_first(request: Received) -> bool:
        nonlocal deaf
        deaf = deaf or (request.method == "POST" and not is_probe(request))
        return deaf

    with then(BEHAVIOUR["closes-at-once"], after_the_first) as server:
        ended = measured(tmp_path, "--target", server.url)
        assert len(server.received) < 15, "what it is, what it can do, and no case after the first"
    require_told(ended)
    assert ended.status == 10, ended.said
    assert "does not answer any more, not even at /health" in ended.said


@pytest.mark.parametrize("name", ["gigabyte-of-lists", "byte-a-moment"])
def test_a_server_that_cannot_be_attached_to_is_no_verdict(name: str, tmp_path: Path) -> None:
    with then(BEHAVIOUR[name], lambda request: request.path == "/v1/models") as server:
        url = server.url
        ended = measured(tmp_path, "--target", url, *QUERY, "--answer-timeout", "1")
    require_told(ended)
    assert ended.status == 10, ended.said
    assert f"\n{url}/v1/models" in ended.said


def test_tokens_that_never_come_are_no_verdict(tmp_path: Path) -> None:
    with then(BEHAVIOUR["closes-at-once"], lambda request: request.path == "/tokenize") as server:
        target = f"{server.url}[profile=fixture,model=m]"
        ended = measured(tmp_path, "--target", target, "-k", "test_forced")
    require_told(ended)
    assert ended.status == 10, ended.said
    assert "/tokenize does not say how" in ended.said


def test_the_key_follows_no_redirect(tmp_path: Path) -> None:
    with ScriptedServer(good) as elsewhere:
        away = head(
            "307 Temporary Redirect", location=f"{elsewhere.url}/v1/chat/completions", content_length="0"
        )
        with then(
            lambda _: [away], lambda request: request.method == "POST" and not is_probe(request)
        ) as server:
            ended = measured(tmp_path, "--target", server.url, *QUERY, XLAM_GATE_API_KEY=KEY)
        assert elsewhere.connections == 0
        address = elsewhere.url
    require_told(ended)
    assert ended.status == 1, ended.said
    assert f"307 to {address}/v1/chat/completions" in ended.said
    assert KEY not in ended.said
