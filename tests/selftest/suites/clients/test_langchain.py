"""LangChain's client on streams of each make, and that it asks nobody but the server under test."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.recording.client import NO_KEY
from tests.harness.servers.target_strings import parse_target
from tests.harness.suites.clients.langchain_chat import by_langchain
from tests.selftest.jobs import job
from tests.selftest.recording.samples import DONE, delta
from tests.selftest.scripted import ScriptedServer, sse, whole
from tests.selftest.suites.clients.answers import CASE, good

URL = "http://127.0.0.1:1"
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
BODY = {
    "model": "m", "messages": [{"role": "user", "content": "hi"}], "temperature": 0, "seed": 7, "max_tokens": 5,
    "tools": [TOOL], "tool_choice": "auto", "stream": True,
}  # fmt: skip


def call(index: int, arguments: str, **fields: Any) -> dict[str, Any]:
    return {"index": index, "function": {"arguments": arguments, "name": fields.pop("name", None)}, **fields}


def told(*deltas: dict[str, Any], key: str | None = None) -> tuple[ClientResult, httpx2.Request]:
    """What the client makes of these deltas and an end for calls, and what it asked."""
    end: Any = delta()
    end["choices"][0]["finish_reason"] = "tool_calls"
    stream = b"".join([*(sse(delta(**fields)) for fields in deltas), sse(end), DONE])
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=stream)

    profile, target = load_profile("fixture"), parse_target(URL)
    deployment = Deployment("l", target, profile, URL, "m", "0.32.0", managed=False, api_key=key)
    return by_langchain(BODY, deployment, httpx2.MockTransport(answer)), asked[0]


def test_two_calls_and_a_text_are_put_together() -> None:
    view, _ = told(
        {"content": "On it."},
        {"tool_calls": [call(0, "", name="f", id="a", type="function")]},
        {"tool_calls": [call(0, '{"x":')]},
        {"tool_calls": [call(0, " 1}")]},
        {"tool_calls": [call(1, "{}", name="g", id="b", type="function")]},
    )
    assert view == ClientResult((("f", '{"x": 1}'), ("g", "{}")), "On it.", ending="tool_calls")


@pytest.mark.parametrize("arguments", ["", "{}{}", '{"x": 1}{"x": 1}', '{"x": "cut'])
def test_arguments_that_nobody_can_read_are_passed_on_as_text(arguments: str) -> None:
    view, _ = told({"tool_calls": [call(0, arguments, name="f", id="a")]})
    assert view.calls == (("f", arguments),)


def test_a_call_that_it_drops_is_an_exception() -> None:
    with pytest.raises(ValueError, match=r"its calls say \[\], its chunks \[\('f', \[\]\)\]"):
        told({"tool_calls": [call(0, "[]", name="f", id="a")]})


@pytest.mark.parametrize("key", ["sesame", None])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", "not-this-one"),
        ("OPENAI_API_BASE", "http://127.0.0.1:2"),
        ("OPENAI_PROXY", "http://127.0.0.1:2"),
        ("LC_OUTPUT_VERSION", "v1"),
        ("LC_OUTPUT_VERSION", "responses/v1"),
    ],
)
def test_it_asks_in_its_own_words_and_as_it_was_told_whatever_the_environment_says(
    name: str, value: str, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    view, request = told({"content": "On it."}, key=key)
    assert view.text == "On it."
    assert str(request.url) == f"{URL}/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {key or NO_KEY}"
    body = json.loads(request.content)
    assert body["stream"] is True
    assert {name: body[name] for name in ("seed", "temperature", "max_completion_tokens", "tools")} == {
        "seed": 7, "temperature": 0, "max_completion_tokens": 5, "tools": [TOOL],
    }  # fmt: skip


def test_nothing_is_sent_to_where_the_user_traces_programs(tmp_path: Path) -> None:
    with ScriptedServer(lambda _: [whole({})]) as tracer, ScriptedServer(good) as server:
        traced = {"LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": tracer.url, "LANGSMITH_API_KEY": "k"}
        some = f"test_caller and {CASE.id} and langchain"
        ended = job(tmp_path, "--target", f"{server.url}[profile=fixture]", "-k", some, **traced)
    assert ended.status == 0, ended.said
    assert "1 passed" in ended.said
    assert tracer.received == []
