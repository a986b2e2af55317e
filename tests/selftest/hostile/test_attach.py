"""Whatever a server does to the questions before and beside the tests ends in one clear line."""

import json
import re
import time
from collections.abc import Iterable

import pytest

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.recording.character_tokens import CharacterTokens
from tests.harness.recording.model_text import ModelTexts
from tests.harness.servers.external import KEY_VARIABLE, ExternalServer
from tests.harness.servers.preflight import ServerFacts, identify
from tests.harness.servers.readiness import health_problem
from tests.selftest.hostile_servers.behaviours import EVIL
from tests.selftest.hostile_servers.table import HOSTILE, OTHERWISE_S, Hostile
from tests.selftest.recording.samples import KEY
from tests.selftest.scripted import Received, ScriptedServer, Step, head, whole

IMPATIENT_S = 0.3
A_WHILE_S = 1.5
"""Time enough for the good answers before a slow one, also on a busy machine."""
SOON_S = OTHERWISE_S
FINE = {
    "/v1/models": {"data": [{"id": "m"}]},
    "/version": {"version": "0.32.0"},
    "/tokenize": {"tokens": [1]},
}
SLOW = [hostile for hostile in HOSTILE if hostile.ends != "itself"]
FEW = [hostile for hostile in HOSTILE if hostile not in SLOW[2:]]
few = pytest.mark.parametrize("hostile", FEW, ids=lambda hostile: hostile.name)
every = pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)


WHOLE = {
    *("ten-thousand-calls", "event-of-lines", "terminal-escapes", "wrong-content-type", "html-with-200"),
    *("error-with-200", "length-too-short", "invalid-utf8", "utf-16", "json-list", "json-null", "nan"),
    *("number-beyond-all", "million-digits", "deep-lists", "deep-objects"),
}
"""Status 200 and a body that ends as HTTP says it must."""


def time_budget(hostile: Hostile, slow_s: float = IMPATIENT_S) -> float:
    return OTHERWISE_S if hostile.ends == "itself" else slow_s


def good_but(path: str, hostile: Hostile) -> ScriptedServer:
    """A server that behaves at all paths but one."""

    def answer(request: Received) -> Iterable[Step]:
        return hostile.answer(request) if request.path == path else [whole(FINE.get(request.path, {}))]

    return ScriptedServer(answer)


def refusal(url: str, answer_timeout_s: float) -> str:
    """The one line with which a server is refused."""
    began = time.monotonic()
    with pytest.raises(InfrastructureError) as refused:
        identify(ExternalServer(url), None, "xlam", answer_timeout_s)
    assert time.monotonic() - began < SOON_S
    said = str(refused.value)
    assert said.startswith(url)
    assert said.isprintable()
    assert len(said) < 1000
    return said


@every
def test_a_hostile_listing_is_refused_in_a_line(hostile: Hostile) -> None:
    with good_but("/v1/models", hostile) as server:
        assert hostile.listing in refusal(server.url, time_budget(hostile))


@few
def test_a_hostile_first_answer_is_refused_in_a_line_unless_it_is_whole(hostile: Hostile) -> None:
    """What a whole answer says is left to the tests."""
    with good_but("/v1/chat/completions", hostile) as server:
        if hostile.name in WHOLE:
            assert identify(ExternalServer(server.url), None, "xlam", OTHERWISE_S) == ServerFacts(
                "m", "0.32.0"
            )
        else:
            assert "/v1/chat/completions" in refusal(server.url, time_budget(hostile, A_WHILE_S))


@few
def test_a_hostile_version_is_unknown(hostile: Hostile) -> None:
    with good_but("/version", hostile) as server:
        began = time.monotonic()
        assert identify(
            ExternalServer(server.url), None, "xlam", time_budget(hostile, A_WHILE_S)
        ) == ServerFacts("m", "unknown")
        assert time.monotonic() - began < SOON_S


@every
def test_hostile_health_is_told(hostile: Hostile) -> None:
    with good_but("/health", hostile) as server:
        began = time.monotonic()
        said = health_problem(server.url, time_budget(hostile))
        assert time.monotonic() - began < SOON_S
        assert said.isprintable()
        assert len(said) < 400


@every
def test_hostile_tokens_end_in_a_line(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.harness.recording.tokenizer._ANSWER_S", time_budget(hostile))
    says = "does not say how 'a' is written"
    with good_but("/tokenize", hostile) as server, pytest.raises(InfrastructureError, match=says) as told:
        CharacterTokens(server.url, KEY, "m").of("a")
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 1000


@pytest.mark.parametrize("path", ["/tokenize", "/v1/completions"])
@few
def test_a_hostile_model_text_is_a_bracket_beside_the_finding(hostile: Hostile, path: str) -> None:
    with good_but(path, hostile) as server:
        said = ModelTexts(server.url, KEY, time_budget(hostile, A_WHILE_S)).of({"model": "m", "messages": []})
    assert re.fullmatch(r"\[not to be had: .{5,1000}\]", said)
    assert said.isprintable()


def test_a_server_that_is_silent_is_not_asked_for_its_model_s_text_again() -> None:
    with ScriptedServer(lambda _: []) as server:
        texts = ModelTexts(server.url, KEY)
        assert "[not to be had: /tokenize: " in texts.of({"model": "m"})
        assert "[not asked for: /tokenize: " in texts.of({"model": "m"})
        assert len(server.received) == 1


def test_a_long_and_wild_model_text_is_cut_and_tamed() -> None:
    wild = f"one{EVIL}\ntwo" + "x" * 100_000
    answers = {"/tokenize": {"tokens": [1]}, "/v1/completions": {"choices": [{"text": wild}]}}
    with ScriptedServer(lambda request: [whole(answers[request.path])]) as server:
        said = ModelTexts(server.url, KEY).of({"model": "m"})
    assert len(said) < 5000
    assert said.startswith("one\\x1b[2J")
    assert all(line.isprintable() for line in said.split("\n"))


@pytest.mark.parametrize(
    ("listing", "says"),
    [
        ({"data": [{"id": EVIL}, {"id": "x" * 10_000}, {"id": {"a": 1}}, {}, 5]}, "serves no model"),
        (
            {"data": [{"id": f"m{n}"} for n in range(5000)]},
            "(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 4990 more)",
        ),
        ({"error": "not today"}, 'it says \'{"error": "not today"}\''),
    ],
)
def test_wild_listings(listing: object, says: str) -> None:
    with ScriptedServer(lambda _: [whole(listing)]) as server:
        assert says in refusal(server.url, OTHERWISE_S)


@pytest.mark.parametrize("version", [EVIL, "1" * 10_000, {"a": 1}, None, "", 5, "0.32.0\n"])
def test_a_version_that_is_none_is_unknown(version: object) -> None:
    answers = {**FINE, "/version": {"version": version}}
    with ScriptedServer(lambda request: [whole(answers.get(request.path, {}))]) as server:
        assert identify(ExternalServer(server.url), None, "xlam").vllm_version == "unknown"


@pytest.mark.parametrize(
    "path", ["/v1/models", "/v1/chat/completions", "/version", "/tokenize", "/v1/completions"]
)
def test_the_key_follows_no_redirect(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with ScriptedServer(lambda _: [whole({})]) as elsewhere:
        away = head("307 Temporary Redirect", location=f"{elsewhere.url}{path}", content_length="0")

        def answer(request: Received) -> Iterable[Step]:
            return [away if request.path == path else whole(FINE.get(request.path, {}))]

        with ScriptedServer(answer) as server:
            if path in {"/v1/models", "/v1/chat/completions"}:
                assert f"redirects to {elsewhere.url}" in refusal(server.url, OTHERWISE_S)
            else:
                identify(ExternalServer(server.url), None, "xlam")
                ModelTexts(server.url, KEY).of({"model": "m"})
            assert json.dumps([seen.headers for seen in server.received]).count(KEY) == len(server.received)
        assert elsewhere.connections == 0
