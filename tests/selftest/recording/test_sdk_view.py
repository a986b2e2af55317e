import json
import socket

import pytest

from tests.harness.recording.sdk_view import replayed, sdk_view
from tests.selftest.recording.samples import BODY, DONE, HI, delta, exchange
from tests.selftest.scripted import sse

WHOLE = {**BODY, "stream": False}
JSON = "application/json"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a replay opened a socket")

    monkeypatch.setattr(socket, "create_connection", refuse)


def test_chunks_are_the_clients_without_what_was_not_sent() -> None:
    one, two = delta(role="assistant", content="é"), {**delta(content="b"), "vllm_only": {"x": [1]}}
    view = sdk_view(exchange(sse(one), sse(two), DONE))
    assert view.chunks == (one, two)
    assert view.error is None


def test_cuts_make_no_difference() -> None:
    body = sse(delta(content="\u2028é😀")) + sse(delta(content="b")) + DONE
    expected = sdk_view(exchange(body))
    assert len(expected.chunks) == 2
    for cut in range(0, len(body), 7):
        assert sdk_view(exchange(body[:cut], body[cut:])) == expected


def test_client_stops_at_done() -> None:
    view = sdk_view(exchange(sse(delta(content="a")), DONE, sse(delta(content="b"))))
    assert [chunk["choices"][0]["delta"] for chunk in view.chunks] == [{"content": "a"}]


def test_error_frame_ends_it_with_what_came_before() -> None:
    view = sdk_view(
        exchange(sse(delta(content="a")), sse({"error": {"message": "out of memory"}}), sse(delta()))
    )
    assert len(view.chunks) == 1
    assert view.error == "APIError: out of memory"


def test_whole_answer_is_one_object() -> None:
    body = {
        "id": "x",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi", "tool_calls": []}}],
    }
    view = sdk_view(exchange(json.dumps(body).encode(), content_type=JSON, body=WHOLE))
    assert (view.chunks, view.error) == ((body,), None)


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
def test_status_error_is_the_clients_exception(status: int) -> None:
    view = sdk_view(exchange(b'{"error":{"message":"no"}}', content_type=JSON, status=status))
    assert view.chunks == ()
    assert "no" in (view.error or "")
    assert str(status) in (view.error or "")


def test_redirect_is_not_followed() -> None:
    assert "307" in (sdk_view(exchange(status=307)).error or "")


def test_broken_transfer_is_met_where_it_broke() -> None:
    view = sdk_view(exchange(sse(delta(content="a")), b"data: {", error="ReadError: reset"))
    assert len(view.chunks) == 1
    assert (view.error or "").startswith("APIConnectionError")
    assert sdk_view(exchange(sse(delta(content="a")), DONE, error="ReadError: reset")).error is None


def test_no_answer_at_all() -> None:
    assert (sdk_view(exchange(status=None, error="ConnectError: x")).error or "").startswith(
        "APIConnectionError"
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"{", "JSONDecodeError"),
        (b'"\xff"', "UnicodeDecodeError"),
        (b"[1]", "TypeError"),
        (b"[" * 200_000, "RecursionError"),
    ],
)
def test_unreadable_events_are_the_clients_exception(data: bytes, name: str) -> None:
    view = sdk_view(exchange(sse(delta(content="a")), b"data: " + data + b"\n\n"))
    assert len(view.chunks) == 1
    assert (view.error or "").startswith(name)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, [None], [{}]])
def test_wrong_types_pass_through_as_the_client_lets_them(wrong: object) -> None:
    chunk = {**delta(tool_calls=wrong, content=wrong), "usage": wrong}
    assert sdk_view(exchange(sse(chunk), DONE)).chunks == (chunk,)


def test_text_instead_of_an_answer_is_named() -> None:
    view = sdk_view(exchange(b"<html>", content_type="text/html", body=WHOLE))
    assert view.chunks == ()
    assert "str" in (view.error or "")
    assert "<html>" in (view.error or "")


def test_compressed_recording_is_not_decoded_again() -> None:
    recording = exchange(sse(delta(content="a")), DONE)
    headers = (*recording.headers, ("Content-Encoding", "gzip"), ("content-length", "3"))
    assert len(sdk_view(type(recording)(**{**vars(recording), "headers": headers})).chunks) == 1


TRICKY = [
    sse(delta(content="a")),
    sse(delta(content="\u2028é")),
    sse(delta(content="[DONE]")),
    sse(delta(content=None)),
    sse(delta(tool_calls=[{"index": 0, "function": {"arguments": 3}}])),
    sse({**delta(content="a"), "choices": None}),
    sse({"error": {"message": "out of memory"}}),
    b"data: [1]\n\n",
    b"data: {\n\n",
    b": comment\n\n",
    b"event: x\ndata: {}\n\n",
    b"data: {}\r\n\r\n",
    b"\n\n",
]


@pytest.mark.parametrize("end", [DONE, b"", DONE + DONE, DONE.rstrip()])
@pytest.mark.parametrize("error", [None, "ReadError: gone"])
@pytest.mark.parametrize("frame", TRICKY)
def test_the_short_way_sees_what_the_client_sees(frame: bytes, error: str | None, end: bytes) -> None:
    """Chunks of a make that the client is known to hand on as they are do not go through it again."""
    for position in range(3):
        frames = [HI] * 3
        frames[position] = frame
        recorded = exchange(*frames, end, error=error, content_type="text/event-stream; charset=utf-8")
        assert sdk_view(recorded) == replayed(recorded)


def answer(**message: object) -> dict[str, object]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    return {"id": "a", "object": "chat.completion", "created": 7, "model": "m", "choices": [choice]}


CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
WHOLE_BODIES = [
    json.dumps(answer(content="hi")),
    json.dumps(answer(content="\u2028é"), ensure_ascii=False),
    json.dumps(answer(content=None, tool_calls=[CALL, CALL])),
    json.dumps(answer(content=[1], tool_calls=7)),
    json.dumps({**answer(content="hi"), "choices": None, "usage": "none"}),
    json.dumps({"error": {"message": "out of memory"}}),
    json.dumps(answer(content="hi"), indent=1),
    json.dumps(answer(content="hi")) * 2,
    '{"id": NaN}',
    '{"id": 1e999}',
    "[1]",
    "{}",
    "null",
    "",
]


@pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", "text/plain"])
@pytest.mark.parametrize("error", [None, "ReadError: gone"])
@pytest.mark.parametrize("body", WHOLE_BODIES)
def test_the_short_way_sees_a_whole_answer_as_the_client_does(
    body: str, error: str | None, kind: str
) -> None:
    recorded = exchange(body.encode(), content_type=kind, body=WHOLE, error=error)
    views = sdk_view(recorded), replayed(recorded)
    short, long = (json.dumps(vars(view), sort_keys=True) for view in views)  # NaN is not equal to itself
    assert short == long


def test_what_the_client_reads_otherwise_is_given_to_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error frame comes at the end of many streams, and is the same in all of them."""
    frames = sse(delta(content="a")), sse({"error": {"message": "a list is no object"}})
    kind = "text/event-stream; charset=utf-8"
    first = sdk_view(exchange(*frames, DONE, content_type=kind))
    monkeypatch.setattr("tests.harness.recording.sdk_view.replayed", lambda _: pytest.fail("asked again"))
    assert sdk_view(exchange(*frames, DONE, content_type=kind)) == first
    assert first.error == "APIError: a list is no object"
