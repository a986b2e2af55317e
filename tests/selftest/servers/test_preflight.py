"""A URL that cannot be used is refused in one sentence that says what to do."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.external import KEY_VARIABLE, ExternalServer
from tests.harness.servers.preflight import ServerFacts, identify
from tests.selftest.nobody import nobody

Answer = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}


def as_json(status: int, body: object) -> Answer:
    return status, JSON, json.dumps(body).encode()


def models(*names: str) -> Answer:
    return as_json(200, {"object": "list", "data": [{"id": name} for name in names]})


def serving(answer: Callable[[str, str, dict[str, str]], Answer]) -> AbstractContextManager[str]:
    return serving_bodies(lambda method, path, headers, _: answer(method, path, headers))


@contextmanager
def serving_bodies(answer: Callable[[str, str, dict[str, str], bytes], Answer]) -> Iterator[str]:
    """As `serving`, for a server that looks into what it is sent."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, body = answer(self.command, self.path, dict(self.headers), content)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = handle_any

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def vllm(_method: str, path: str, _headers: dict[str, str]) -> Answer:
    if path == "/v1/models":
        return models("m")
    return as_json(200, {"version": "0.32.0"})


def test_a_good_server_is_looked_at() -> None:
    with serving(vllm) as url:
        facts = identify(ExternalServer(url), None, "xlam")
    assert (facts.model, facts.vllm_version) == ("m", "0.32.0")


def test_a_server_without_version_is_unknown() -> None:
    def other(method: str, path: str, headers: dict[str, str]) -> Answer:
        return as_json(404, {}) if path == "/version" else vllm(method, path, headers)

    with serving(other) as url:
        assert identify(ExternalServer(url), None, "xlam").vllm_version == "unknown"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>hello"), "answers text/html, not a JSON object"),
        ((200, JSON, b"[1]"), "not a JSON object"),
        ((302, {"Location": "http://elsewhere.example/"}, b""), "redirects to http://elsewhere.example/"),
        ((401, JSON, b"{}"), f"wants an API key; set {KEY_VARIABLE}"),
        ((404, JSON, b"{}"), "or not its root; give the address in front of /v1, e.g. http://host:8000"),
        (models(), "serves no model"),
        (models("a", "b"), "serves several models (a, b); name one: --target 'http://127.0.0.1:"),
        (as_json(200, {"data": None}), "serves no model"),
    ],
)
def test_refusals(answer: Answer, says: str) -> None:
    with serving(lambda *_: answer) as url, pytest.raises(InfrastructureError) as problem:
        identify(ExternalServer(url), None, "xlam")
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_one_of_several_models_can_be_named() -> None:
    def several(_method: str, path: str, _headers: dict[str, str]) -> Answer:
        return models("a", "b") if path == "/v1/models" else as_json(200, {"version": "1.0"})

    with serving(several) as url:
        assert identify(ExternalServer(url), "b", "xlam").model == "b"
        with pytest.raises(InfrastructureError, match="does not serve 'c'; it lists a, b"):
            identify(ExternalServer(url), "c", "xlam")


def test_nobody_listens() -> None:
    with nobody() as address, pytest.raises(InfrastructureError, match=r"no answer .* is the server running"):
        identify(ExternalServer(address), None, "xlam")


@pytest.mark.parametrize("parser", ["xlam", "hermes"])
def test_a_server_without_tool_flags_is_told_the_flags(parser: str) -> None:
    message = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'

    def untooled(method: str, path: str, headers: dict[str, str]) -> Answer:
        if method == "POST":
            return as_json(400, {"error": {"message": message}})
        return vllm(method, path, headers)

    with serving(untooled) as url, pytest.raises(InfrastructureError) as problem:
        identify(ExternalServer(url), None, parser)
    assert f"start it with --enable-auto-tool-choice --tool-call-parser {parser}" in str(problem.value)


def at_questions(with_tools: Answer, without: Answer) -> Callable[[str, str, dict[str, str], bytes], Answer]:
    """A server that answers the first question so, with tools on offer and without."""

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if method == "POST":
            return with_tools if b"tools" in body else without
        return vllm(method, path, headers)

    return answer


GOOD = as_json(200, {"choices": []})
BOOM = as_json(500, {"error": {"message": "boom"}})
REFUSED = as_json(400, {"error": {"message": "no tool in it"}})


@pytest.mark.parametrize(
    ("with_tools", "without", "managed", "failure"),
    [
        (BOOM, GOOD, False, 'status 500: {"error": {"message": "boom"}}'),
        (BOOM, BOOM, True, 'status 500: {"error": {"message": "boom"}}'),
        (REFUSED, GOOD, True, 'status 400, and not without tools: {"error": {"message": "no tool in it"}}'),
        (as_json(400, "so what"), GOOD, False, 'status 400, and not without tools: "so what"'),
    ],
)
def test_a_server_that_fails_at_a_right_question_is_broken_and_can_be_asked(
    with_tools: Answer, without: Answer, managed: bool, failure: str
) -> None:
    with serving_bodies(at_questions(with_tools, without)) as url:
        facts = identify(ExternalServer(url), None, "xlam", managed=managed)
    assert facts == ServerFacts("m", "0.32.0", failure)


@pytest.mark.parametrize(
    ("with_tools", "without", "managed"),
    [
        (REFUSED, GOOD, False),
        (REFUSED, REFUSED, True),
        *((as_json(status, {}), GOOD, True) for status in (401, 404, 429, 502, 503, 504)),
    ],
)
def test_a_server_that_cannot_be_asked_is_refused(with_tools: Answer, without: Answer, managed: bool) -> None:
    with (
        serving_bodies(at_questions(with_tools, without)) as url,
        pytest.raises(InfrastructureError, match="the server refuses a question with tools"),
    ):
        identify(ExternalServer(url), None, "xlam", managed=managed)


def test_the_key_goes_to_the_server_and_not_after_a_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "s3cr3t")
    seen: list[str | None] = []

    def elsewhere(_method: str, _path: str, headers: dict[str, str]) -> Answer:
        seen.append(headers.get("Authorization"))
        return models("m")

    with (
        serving(elsewhere) as other,
        serving(lambda *_: (307, {"Location": f"{other}/v1/models"}, b"")) as url,
    ):
        with pytest.raises(InfrastructureError, match="redirects"):
            identify(ExternalServer(url), None, "xlam")
        assert seen == []
        identify(ExternalServer(other), None, "xlam")
    assert set(seen) == {"Bearer s3cr3t"}


def test_a_key_that_a_server_repeats_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "a-secret-that-is-long")

    def answer(method: str, path: str, headers: dict[str, str]) -> Answer:
        return as_json(400, {"error": headers["Authorization"]}) if method == "POST" else models("m")

    with serving(answer) as url, pytest.raises(InfrastructureError) as refused:
        identify(ExternalServer(url), None, "xlam")
    assert "Bearer *********************" in str(refused.value)
    assert "a-secret-that-is-long" not in str(refused.value)
