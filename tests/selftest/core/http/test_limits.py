import gzip
import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.harness.core.http.limits import Limits
from tests.harness.recording.recorder import Recorder
from tests.selftest.recording.samples import BODY, HI, KEY, record
from tests.selftest.scripted import (
    LAST_CHUNK,
    Answer,
    Pause,
    Received,
    ScriptedServer,
    Step,
    chunk,
    head,
    play,
    stream,
    stream_head,
)
from tests.selftest.waiting import wait_until

SHORT = Limits(total_s=0.5, silence_s=60)
QUIET = Limits(total_s=60, silence_s=1.0)
"""One limit is short at a time: on a busy machine nobody knows which of two comes first."""
BUSY_S = 20
"""What a busy machine may add; far from the other limit."""


def endless(make: Callable[[], Iterable[Step]], before: bytes) -> Answer:
    def answer(_: Received) -> Iterator[Step]:
        yield before
        while True:
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
    exchange = record(ENDLESS[name], SHORT)
    assert (exchange.error or "").startswith("LimitError: the answer did not end within 0.5 s in total")
    assert 0.45 < exchange.ended_at < BUSY_S
    assert time.perf_counter() - began < BUSY_S


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\n", stream_head() + chunk(HI)])
def test_silence_ends_it(before: bytes) -> None:
    exchange = record(play(*([before] if before else []), Pause(60)), QUIET)
    assert (exchange.error or "").startswith("LimitError: not a byte for 1 s")
    assert 0.9 < exchange.ended_at < BUSY_S
    assert exchange.body == (HI if HI in before else b"")


def test_handshake_with_a_server_without_tls_ends_by_silence() -> None:
    with ScriptedServer(play()) as server:
        with Recorder(server.url.replace("http:", "https:"), KEY, QUIET) as recorder:
            exchange = recorder.record("case", "stream", "natural", 0, BODY)
        # The kernel has taken the connection; the server's thread may hear of it later.
        wait_until(lambda: server.connections == 1, BUSY_S)
    assert (exchange.error or "").startswith("LimitError: not a byte for 1 s")


def test_limit_says_what_had_come() -> None:
    exchange = record(play(stream_head(), chunk(b"abc"), chunk(b"de"), Pause(60)), QUIET)
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
