import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.recorder import Recorder
from tests.harness.runfolder.exchange_file import save
from tests.selftest.recording.samples import BODY, DONE, HI, KEY, record
from tests.selftest.scripted import (
    LAST_CHUNK,
    RESET,
    Pause,
    Received,
    ScriptedServer,
    Step,
    chunk,
    head,
    play,
    stream,
    stream_head,
    whole,
)


def test_exchange_holds_what_went_over_the_wire() -> None:
    with ScriptedServer(stream(HI, DONE)) as server, Recorder(server.url, KEY) as recorder:
        began = time.time()
        exchange = recorder.record("topic/case", "stream", "char", 3, BODY)
    [received] = server.received
    assert (
        (exchange.method, exchange.path)
        == (received.method, received.path)
        == ("POST", "/v1/chat/completions")
    )
    assert exchange.request == received.body
    assert json.loads(exchange.request) == BODY
    assert (exchange.status, exchange.error) == (200, None)
    assert ("content-type", "text/event-stream") in exchange.headers
    assert exchange.body == HI + DONE
    key = exchange.key
    assert (key.case, key.mode, key.split, key.attempt) == ("topic/case", "stream", "char", 3)
    assert began - 1 < exchange.sent_at < time.time()


def test_fields_of_vllm_pass_through() -> None:
    body = {
        **BODY,
        "temperature": 0.0,
        "seed": 7,
        "stop": None,
        "logit_bias": {"12": 100},
        "tool_choice": "auto",
        "tools": [
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "x-own": [1]}}}
        ],
        "structured_outputs": {"grammar": 'root ::= "\u2028é"'},
        "stream_options": {"include_usage": True, "continuous_usage_stats": True},
        "chat_template_kwargs": {"a": None},
        "timeout": 3,
        "extra_headers": {"x-a": "b"},
    }
    with ScriptedServer(stream(DONE)) as server, Recorder(server.url, KEY) as recorder:
        recorder.record("case", "stream", "natural", 0, body)
    assert server.received[0].json() == body
    assert "x-a" not in server.received[0].headers


def test_long_request_arrives_whole() -> None:
    body = {**BODY, "messages": [{"role": "user", "content": "é" * 200_000}]}
    with ScriptedServer(stream(DONE)) as server, Recorder(server.url, KEY) as recorder:
        assert recorder.record("case", "stream", "natural", 0, body).error is None
    assert server.received[0].json() == body


def test_hash_is_that_of_the_request_alone() -> None:
    def sha(body: dict[str, Any]) -> str:
        return record(stream(DONE), body=body).key.request_sha256

    assert sha(BODY) == sha(dict(reversed(BODY.items())))
    assert sha(BODY) != sha({**BODY, "seed": 1})


def test_whole_answer_is_recorded() -> None:
    answer = {"choices": [{"index": 0, "message": {"content": "hi"}}]}
    exchange = record(play(whole(answer)), body={**BODY, "stream": False})
    assert json.loads(exchange.body) == answer


@pytest.mark.parametrize(
    "status", ["500 Internal Server Error", "429 Too Many Requests", "409 Conflict", "408 Timeout"]
)
def test_nothing_is_tried_again(status: str) -> None:
    answer = whole({"error": {"message": "no"}}, status, "application/json")
    with ScriptedServer(play(answer)) as server, Recorder(server.url, KEY) as recorder:
        exchange = recorder.record("case", "stream", "natural", 0, BODY)
    assert len(server.received) == server.connections == 1
    assert (exchange.status, exchange.error) == (int(status[:3]), None)
    assert read_reply(exchange, streamed=True).error == {"message": "no"}


def test_broken_connection_is_not_tried_again() -> None:
    with ScriptedServer(play(RESET)) as server, Recorder(server.url, KEY) as recorder:
        recorder.record("case", "stream", "natural", 0, BODY)
    assert server.connections == 1


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_redirect_is_recorded_and_not_followed(status: str) -> None:
    with ScriptedServer(stream(DONE)) as elsewhere:
        answer = head(status, location=f"{elsewhere.url}/v1/chat/completions", content_length="0")
        exchange = record(play(answer))
    assert (exchange.status, exchange.error) == (int(status[:3]), None)
    assert elsewhere.connections == 0


def test_environment_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer(stream(DONE)) as proxy, ScriptedServer(stream(DONE)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("OPENAI_BASE_URL", proxy.url)
        for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
            monkeypatch.setenv(name, "private-value")
        monkeypatch.setenv(
            "OPENAI_CUSTOM_HEADERS", "X-Mine: private-value\nAuthorization: Bearer private-value"
        )
        for key, sent in ((KEY, KEY), (None, "EMPTY"), ("", "EMPTY")):
            with Recorder(server.url, key) as recorder:
                assert recorder.record("case", "stream", "natural", 0, BODY).error is None
            headers = server.received[-1].headers
            assert headers["authorization"] == f"Bearer {sent}"
            assert "private-value" not in str(headers)
    assert proxy.connections == 0


def echo(request: Received) -> Iterator[Step]:
    """Says the key in every place of an answer: headers, one frame, and cut into two."""
    key = request.headers["authorization"].encode()
    yield stream_head(set_cookie="id=1", x_seen=key.decode(), authorization=key.decode())
    yield from (chunk(key), Pause(0.02), chunk(key[:-4]), Pause(0.02), chunk(key[-4:]), LAST_CHUNK)


def test_key_is_in_no_saved_byte(tmp_path: Path) -> None:
    path = tmp_path / "exchanges.jsonl"
    exchange = record(echo)
    save(path, exchange)
    assert KEY.encode() not in exchange.body
    assert KEY.encode() not in path.read_bytes()
    assert [len(frame.data) for frame in exchange.frames] == [len(KEY) + 7, len(KEY) + 3, 4]
    assert not {"set-cookie", "authorization"} & {name for name, _ in exchange.headers}
    assert ("x-seen", "Bearer " + "*" * len(KEY)) in exchange.headers


def test_short_key_is_no_secret() -> None:
    with ScriptedServer(echo) as server, Recorder(server.url, "e") as recorder:
        assert recorder.record("case", "stream", "natural", 0, BODY).body == b"Bearer eBearer e"


@pytest.mark.parametrize("key", [f"{KEY}\n", f" {KEY}", "schlüssel", "a\x00b"])
def test_key_that_no_header_carries_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        Recorder("http://127.0.0.1:1", key)
    assert key.strip() not in str(caught.value)


def test_exchanges_run_side_by_side() -> None:
    together = threading.Barrier(8, timeout=5)

    def answer(request: Received) -> Iterator[Step]:
        together.wait()
        seed = request.json()["seed"]
        yield stream_head()
        for _ in range(20):
            yield chunk(b"%d;" % seed)
        yield LAST_CHUNK

    with (
        ScriptedServer(answer) as server,
        Recorder(server.url, KEY) as recorder,
        ThreadPoolExecutor(8) as pool,
    ):
        asked = [
            pool.submit(recorder.record, "case", "stream", "natural", n, {**BODY, "seed": n})
            for n in range(8)
        ]
        for number, future in enumerate(asked):
            exchange = future.result()
            assert (exchange.body, exchange.error) == (b"%d;" % number * 20, None)
            assert json.loads(exchange.request)["seed"] == exchange.key.attempt == number


def test_request_without_messages_is_the_callers_mistake() -> None:
    with Recorder("http://127.0.0.1:1", KEY) as recorder, pytest.raises(TypeError, match="messages"):
        recorder.record("case", "stream", "natural", 0, {"model": "m"})
    recorder.close()
