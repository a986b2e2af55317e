import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import repeat
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.exchange.assemble import read_reply
from tests.harness.exchange.limits import Limits
from tests.harness.exchange.recorder import Recorder
from tests.harness.exchange.sdk_view import sdk_view
from tests.harness.exchange.store import save
from tests.harness.exchange.transport import RecordingTransport
from tests.harness.records.errors import UsageProblem
from tests.harness.records.exchange import Exchange
from tests.selftest.exchange.samples import BODY, delta
from tests.selftest.scripted import (
    LAST_CHUNK,
    RESET,
    Answer,
    Pause,
    Received,
    ScriptedServer,
    Step,
    chunk,
    head,
    play,
    sse,
    stream,
    stream_head,
    whole,
)

KEY = "sk-secret-0123456789"
DONE = sse("[DONE]")
HI = sse(delta(content="hi"))
QUICK = Limits(total_s=0.5, silence_s=0.2)


def record(answer: Answer, limits: Limits | None = None, body: dict[str, Any] | None = None) -> Exchange:
    with ScriptedServer(answer) as server, Recorder(server.url, KEY, limits) as recorder:
        return recorder.record("case", "stream", "natural", 0, BODY if body is None else body)


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


@pytest.mark.parametrize("end", [DONE, sse({"error": {"message": "no"}})])
def test_frames_after_the_end_are_recorded(end: bytes) -> None:
    exchange = record(play(stream_head(), chunk(HI), chunk(end), Pause(0.05), chunk(HI), LAST_CHUNK))
    assert exchange.body == HI + end + HI
    assert len(sdk_view(exchange).chunks) == 1


def test_frames_have_their_times() -> None:
    exchange = record(play(stream_head(), chunk(HI[:5]), Pause(0.2), chunk(HI[5:]), Pause(0.1), LAST_CHUNK))
    assert [frame.data for frame in exchange.frames] == [HI[:5], HI[5:]]
    first, second = (frame.at for frame in exchange.frames)
    assert first > 0
    assert second - first > 0.15
    assert exchange.ended_at - second > 0.05
    assert exchange.ended_at < 3


def test_body_without_chunks_ends_with_the_connection() -> None:
    exchange = record(play(head(content_type="text/event-stream"), HI, DONE))
    assert (exchange.body, exchange.error) == (HI + DONE, None)


def endless(make: Callable[[], Iterable[Step]], before: bytes) -> Answer:
    def answer(_: Received) -> Iterator[Step]:
        yield before
        for _ in repeat(None):
            yield from make()

    return answer


SLOW = [Pause(0.05)]
ENDLESS = {
    "events": endless(lambda: [chunk(HI), *SLOW], stream_head()),
    "a byte at a time": endless(lambda: [chunk(b"x"), *SLOW], stream_head()),
    "inside a chunk's size": endless(lambda: [b"0", *SLOW], stream_head()),
    "inside a header": endless(lambda: [b"x", *SLOW], b"HTTP/1.1 200 OK\r\nx-a: "),
    "inside the status line": endless(lambda: [b"1", *SLOW], b"HTTP/1.1 "),
    "hints before an answer": endless(lambda: [b"HTTP/1.1 103 Early Hints\r\n\r\n", *SLOW], b""),
    "empty gzip": endless(
        lambda: [chunk(b"\x00\x00\x00\xff\xff"), *SLOW],
        stream_head(content_encoding="gzip") + chunk(gzip.compress(b"")[:10]),
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_answer_ends_by_total_time(name: str) -> None:
    began = time.perf_counter()
    exchange = record(ENDLESS[name], QUICK)
    assert (exchange.error or "").startswith("LimitError: the answer did not end within 0.5 s in total")
    assert 0.45 < exchange.ended_at < 2
    assert time.perf_counter() - began < 3


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\n", stream_head() + chunk(HI)])
def test_silence_ends_it(before: bytes) -> None:
    exchange = record(play(*([before] if before else []), Pause(5)), QUICK)
    assert (exchange.error or "").startswith("LimitError: not a byte for 0.2 s")
    assert 0.15 < exchange.ended_at < 2
    assert exchange.body == (HI if HI in before else b"")


def test_limit_says_what_had_come() -> None:
    exchange = record(play(stream_head(), chunk(b"abc"), chunk(b"de"), Pause(5)), QUICK)
    assert (exchange.error or "").endswith("; 5 bytes in 2 frames so far")


def test_flood_ends_by_bytes() -> None:
    exchange = record(endless(lambda: [chunk(b"x" * 50_000)], stream_head()), Limits(max_bytes=120_001))
    assert len(exchange.body) == 120_001
    assert (exchange.error or "").startswith(
        "LimitError: the body is larger than 120001 bytes; 120001 bytes in"
    )


def test_one_huge_frame_ends_by_bytes() -> None:
    answer = endless(
        lambda: [b"x" * 65536], head(content_type="text/event-stream", content_length=str(10**9))
    )
    exchange = record(answer, Limits(max_bytes=100_000))
    assert len(exchange.body) == 100_000
    assert "LimitError" in (exchange.error or "")


def test_body_of_just_the_limit_is_whole() -> None:
    assert record(stream(b"x" * 1000), Limits(max_bytes=1000, max_frames=1)).error is None


def test_crumbs_end_by_frames() -> None:
    exchange = record(endless(lambda: [chunk(b"x") * 100], stream_head()), Limits(max_frames=250))
    assert len(exchange.frames) == 250
    assert (exchange.error or "").startswith("LimitError: the body came in more than 250 pieces")


def test_gzip_bomb_ends_by_bytes() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    exchange = record(
        play(stream_head(content_encoding="gzip"), chunk(bomb), LAST_CHUNK), Limits(max_bytes=1_000_000)
    )
    assert len(exchange.body) == 1_000_000
    assert "LimitError" in (exchange.error or "")


def test_gzip_is_recorded_as_an_application_sees_it() -> None:
    body = gzip.compress(HI + DONE)
    pieces = [chunk(body[start : start + 9]) for start in range(0, len(body), 9)]
    exchange = record(play(stream_head(content_encoding="gzip"), *pieces, LAST_CHUNK))
    assert (exchange.body, exchange.error) == (HI + DONE, None)
    assert ("content-encoding", "gzip") in exchange.headers
    assert len(sdk_view(exchange).chunks) == 1


def test_false_gzip_is_an_error() -> None:
    exchange = record(play(stream_head(content_encoding="gzip"), chunk(HI), LAST_CHUNK))
    assert (exchange.error or "").startswith("DecodingError")


BROKEN = {
    "reset": (play(stream_head(), chunk(HI), chunk(HI[:9]), Pause(0.05), RESET), HI + HI[:9], "ReadError"),
    "closed in a chunk": (
        play(stream_head(), chunk(HI), chunk(HI)[:20]),
        HI + HI[:16],
        "RemoteProtocolError",
    ),
    "no last chunk": (play(stream_head(), chunk(HI)), HI, "RemoteProtocolError"),
    "length too long": (play(head(content_length="900"), HI), HI, "RemoteProtocolError"),
    "no chunk size": (play(stream_head(), chunk(HI), b"zz\r\n"), HI, "RemoteProtocolError"),
    "no HTTP": (play(b"hello\r\n\r\n"), b"", "RemoteProtocolError"),
    "nothing": (play(), b"", "RemoteProtocolError"),
    "reset at once": (play(Pause(0.02), RESET), b"", "ReadError"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_transfer_keeps_what_came(name: str) -> None:
    answer, body, error = BROKEN[name]
    exchange = record(answer)
    assert exchange.body == body
    assert (exchange.error or "").startswith(f"{error}: ")
    assert (exchange.status is None) == (body == b"")
    assert exchange.ended_at > 0
    read_reply(exchange, streamed=True)
    sdk_view(exchange)


def test_length_too_short_ends_the_body_there() -> None:
    exchange = record(play(head(content_type="text/event-stream", content_length="10") + HI))
    assert exchange.body == HI[:10]
    assert [event.problem for event in read_reply(exchange, streamed=True).events] == ["cut-off"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}", "http://{label}.invalid", "http://%FF.invalid", "ftp://x"]
)
def test_server_that_is_not_there(url: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with Recorder(url.format(port=port, label="a" * 70), KEY) as recorder:
        exchange = recorder.record("case", "stream", "natural", 0, BODY)
    assert exchange.status is None
    assert exchange.error
    assert json.loads(exchange.request) == BODY


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


def test_handshake_with_a_server_without_tls_ends_by_silence() -> None:
    with ScriptedServer(play()) as server:
        with Recorder(server.url.replace("http:", "https:"), KEY, QUICK) as recorder:
            exchange = recorder.record("case", "stream", "natural", 0, BODY)
        assert server.connections == 1
    assert (exchange.error or "").startswith("LimitError: not a byte for 0.2 s")


def test_one_tape_takes_one_request() -> None:
    transport = RecordingTransport(Limits())
    with (
        ScriptedServer(play(RESET)) as server,
        httpx2.Client(transport=transport) as client,
        transport.taping(),
    ):
        with pytest.raises(httpx2.ReadError):
            client.post(server.url)
        with pytest.raises(RuntimeError, match="a second request"):
            client.post(server.url)
        assert server.connections == 1


def test_request_without_messages_is_the_callers_mistake() -> None:
    with Recorder("http://127.0.0.1:1", KEY) as recorder, pytest.raises(TypeError, match="messages"):
        recorder.record("case", "stream", "natural", 0, {"model": "m"})
    recorder.close()
