import gzip
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx2
import pytest

from tests.harness.core.http.limits import Limits
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.sdk_view import sdk_view
from tests.harness.recording.transport import RecordingTransport
from tests.selftest.recording.samples import BODY, DONE, HI, KEY, record
from tests.selftest.scripted import (
    LAST_CHUNK,
    RESET,
    Pause,
    ScriptedServer,
    chunk,
    head,
    play,
    sse,
    stream,
    stream_head,
)


@pytest.mark.parametrize("end", [DONE, sse({"error": {"message": "no"}})])
def test_frames_after_the_end_are_recorded(end: bytes) -> None:
    exchange = record(play(stream_head(), chunk(HI), chunk(end), Pause(0.05), chunk(HI), LAST_CHUNK))
    assert exchange.body == HI + end + HI
    assert len(sdk_view(exchange).chunks) == 1


def test_frames_have_their_times() -> None:
    exchange = record(play(stream_head(), chunk(HI[:5]), Pause(1.0), chunk(HI[5:]), Pause(0.5), LAST_CHUNK))
    assert [frame.data for frame in exchange.frames] == [HI[:5], HI[5:]]
    first, second = (frame.at for frame in exchange.frames)
    assert first > 0
    assert second - first > 0.3
    assert exchange.ended_at - second > 0.1
    assert exchange.ended_at < 20


def test_body_without_chunks_ends_with_the_connection() -> None:
    exchange = record(play(head(content_type="text/event-stream"), HI, DONE))
    assert (exchange.body, exchange.error) == (HI + DONE, None)


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


def test_one_tape_takes_one_request() -> None:
    transport = RecordingTransport(Limits())
    with (
        ScriptedServer(play(RESET)) as server,
        httpx2.Client(transport=transport) as client,
        transport.capturing(),
    ):
        with pytest.raises(httpx2.ReadError):
            client.post(server.url)
        with pytest.raises(RuntimeError, match="a second request"):
            client.post(server.url)
        assert server.connections == 1


def test_tape_belongs_to_its_thread() -> None:
    transport = RecordingTransport(Limits())
    both = threading.Barrier(2, timeout=5)

    def post(url: str, text: bytes) -> bytes:
        with transport.capturing() as capture, httpx2.Client(transport=transport) as client:
            both.wait()
            client.post(url, content=text)
            return capture.request

    with ScriptedServer(stream(DONE)) as server, ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(post, server.url, text) for text in (b"one", b"two")]
        assert [future.result() for future in asked] == [b"one", b"two"]
