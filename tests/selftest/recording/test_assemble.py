import gc
import json
import random
import time
from typing import Any

import pytest

from tests.harness.core.records.reply import CallDelta, Reply, Timing
from tests.harness.recording.assemble import read_reply
from tests.selftest.recording.samples import DONE, delta, exchange
from tests.selftest.scripted import sse

JSON = "application/json"


def call(index: object = None, **fields: object) -> dict[str, object]:
    """An entry of `tool_calls`; name and arguments go into its function."""
    function = {name: fields.pop(name) for name in ("name", "arguments") if name in fields}
    return {
        **({} if index is None else {"index": index}),
        **fields,
        **({"function": function} if function else {}),
    }


def streamed(*values: object) -> Reply:
    return read_reply(exchange(*(sse(value) for value in values), DONE), streamed=True)


def answered(value: object) -> Reply:
    return read_reply(exchange(json.dumps(value).encode(), content_type=JSON), streamed=False)


def test_stream_is_put_together_by_choice_and_index() -> None:
    reply = streamed(
        delta(role="assistant", content=""),
        delta(tool_calls=[call(0, id="a", type="function", name="get", arguments='{"x"')]),
        delta(1, content="other"),
        delta(tool_calls=[call(1, id="b", type="function", name="put"), call(0, arguments=":1}")]),
        {**delta(), "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
        {**delta(), "choices": [], "usage": {"completion_tokens": 3}},
    )
    choice = reply.choice
    assert choice is not None
    assert (choice.roles, choice.content, choice.finish_reasons) == (("assistant",), "", ("tool_calls",))
    first, second = choice.tool_calls
    assert (first.index, first.id, first.type, first.name) == (0, "a", "function", "get")
    assert (first.arguments, first.events) == ('{"x":1}', (2, 4))
    assert first.deltas[1] == CallDelta(4, 0, None, None, None, ":1}")
    assert (second.id, second.name, second.arguments) == ("b", "put", "")
    assert [choice.content for choice in reply.choices] == ["", "other"]
    assert reply.usage == {"completion_tokens": 3}
    assert (reply.done, reply.error) == (True, None)
    assert reply.timing == Timing(first_event=1.0, first_content=3.0, first_call=2.0, last_event=7.0)


def test_whole_answer_is_one_event_and_calls_count_by_place() -> None:
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [call(name="a", arguments="{}"), call(name="b")],
    }
    reply = answered(
        {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}], "usage": {"n": 1}}
    )
    assert reply.choice is not None
    assert [(call.index, call.name, call.arguments) for call in reply.choice.tool_calls] == [
        (0, "a", "{}"),
        (1, "b", ""),
    ]
    assert reply.choice.tool_calls[0].deltas[0].index is None
    assert (reply.choice.content, reply.choice.finish_reason, reply.usage) == (None, "tool_calls", {"n": 1})
    assert (reply.done, [event.problem for event in reply.events]) == (True, [None])


def test_nothing_is_filled_in() -> None:
    reply = read_reply(exchange(sse(delta(tool_calls=[call(0)]))), streamed=True)
    assert reply.choice is not None
    assert reply.choice.tool_calls[0].name is None
    assert (reply.choice.roles, reply.choice.content, reply.choice.finish_reason) == ((), None, None)
    assert (reply.done, reply.usage, reply.timing.first_content) == (False, None, None)


def test_names_that_come_twice_are_joined() -> None:
    reply = streamed(
        delta(tool_calls=[call(0, id="a", name="get")]), delta(tool_calls=[call(0, id="z", name="get")])
    )
    assert reply.choice is not None
    assert (reply.choice.tool_calls[0].name, reply.choice.tool_calls[0].id) == ("getget", "a")


@pytest.mark.parametrize("index", [None, "0", 0.0, True, [0]])
def test_delta_without_an_index_is_kept_apart(index: object) -> None:
    reply = streamed(delta(tool_calls=[call(0, name="a")]), delta(tool_calls=[call(index, arguments="{}")]))
    assert reply.choice is not None
    assert [call.arguments for call in reply.choice.tool_calls] == [""]
    assert reply.choice.stray == (CallDelta(2, None, None, None, None, "{}"),)


def test_choice_without_an_index_is_found_by_its_place() -> None:
    assert streamed(delta(None, content="a"), delta("0", content="b")).choices[0].content == "ab"


@pytest.mark.parametrize("error", [{"message": "no", "code": 400}, {}])
@pytest.mark.parametrize("streaming", [True, False])
def test_error_object_is_found(error: dict[str, object], streaming: bool) -> None:
    body = {"error": error}
    reply = streamed(delta(content="a"), body) if streaming else answered(body)
    assert reply.error == error


@pytest.mark.parametrize("body", [{"object": "error", "message": "no"}, {"error": "no"}])
@pytest.mark.parametrize("streaming", [True, False])
def test_other_forms_of_error_are_found(body: dict[str, object], streaming: bool) -> None:
    assert (streamed(body) if streaming else answered(body)).error == body


def test_first_error_counts_and_null_is_none() -> None:
    assert streamed({"error": None}, {"error": {"code": 1}}, {"error": {"code": 2}}).error == {"code": 1}
    assert streamed({"error": None}).error is None


@pytest.mark.parametrize("status", [400, 500])
def test_refusal_of_a_stream_is_json_by_right(status: int) -> None:
    body = json.dumps({"error": {"message": "no"}}).encode()
    reply = read_reply(exchange(body, content_type=JSON, status=status), streamed=True)
    assert (reply.error, [event.problem for event in reply.events]) == ({"message": "no"}, [None])
    assert not reply.done


@pytest.mark.parametrize("content_type", [JSON, "text/event-stream", ""])
def test_json_instead_of_a_stream_is_read_and_noted(content_type: str) -> None:
    body = {"choices": [{"index": 0, "message": {"content": "hi", "tool_calls": [call(name="a")]}}]}
    reply = read_reply(
        exchange(json.dumps(body, indent=1).encode(), content_type=content_type), streamed=True
    )
    assert [event.problem for event in reply.events] == ["not-a-stream"]
    assert reply.choice is not None
    assert (reply.choice.content, reply.choice.tool_calls[0].name, reply.done) == ("hi", "a", False)


def test_html_instead_of_a_stream_is_noted() -> None:
    reply = read_reply(exchange(b"<html>\n\nno</html>", content_type="text/html"), streamed=True)
    assert [(event.problem, event.json) for event in reply.events] == [("not-a-stream", None)]


def test_stream_under_another_type_is_read_and_noted() -> None:
    reply = read_reply(exchange(sse(delta(content="a")), DONE, content_type="text/plain"), streamed=True)
    assert [event.problem for event in reply.events] == ["not-a-stream", None]
    assert reply.choice is not None
    assert (reply.choice.content, reply.done) == ("a", True)


@pytest.mark.parametrize("content_type", ["text/event-stream; charset=utf-8", "Text/Event-Stream"])
def test_type_of_a_stream_may_have_parameters(content_type: str) -> None:
    reply = read_reply(exchange(sse({}), content_type=content_type), streamed=True)
    assert reply.events[0].problem is None


@pytest.mark.parametrize("body", [b"", b": ping\n\n"])
def test_stream_without_events_has_none(body: bytes) -> None:
    assert read_reply(exchange(body), streamed=True).events == ()
    assert read_reply(exchange(), streamed=True).timing.first_event is None


@pytest.mark.parametrize(
    ("body", "problem"), [(b"<p>", "not-json"), (b"[]", "not-object"), (b'{"\xff":1}', "bad-utf8")]
)
def test_whole_answer_that_is_no_object(body: bytes, problem: str) -> None:
    assert read_reply(exchange(body, content_type=JSON), streamed=False).events[0].problem == problem


def test_whole_answer_that_broke_off() -> None:
    reply = read_reply(exchange(b'{"cho', content_type=JSON, error="ReadError: x"), streamed=False)
    assert (reply.events[0].problem, reply.done) == ("cut-off", False)
    assert read_reply(exchange(status=None, error="ConnectError: x"), streamed=False).events == ()


WRONG: list[Any] = [None, True, 0, -1, 1.5, "x", "", [], {}, [None], [[]], ["x"], [{}], {"x": 1}]


def test_no_json_is_too_wrong_to_read() -> None:
    for wrong in WRONG:
        bodies: list[object] = [wrong, {"choices": wrong, "usage": wrong, "error": wrong, "object": wrong}]
        bodies += [{"choices": [{"index": wrong, "delta": wrong, "message": wrong, "finish_reason": wrong}]}]
        fields = {"role": wrong, "content": wrong, "tool_calls": wrong}
        bodies += [{"choices": [{"delta": fields, "message": fields}]}]
        for entry in (
            {"index": wrong, "id": wrong, "function": wrong},
            {"function": {"name": wrong, "arguments": wrong}},
        ):
            message = {"tool_calls": [entry, wrong]}
            bodies += [{"choices": [{"delta": message, "message": message}]}]
        for body in bodies:
            streamed(body)
            answered(body)


def test_random_json_is_read() -> None:
    source = random.Random(7)
    names = [
        "choices",
        "delta",
        "message",
        "tool_calls",
        "function",
        "index",
        "name",
        "arguments",
        "content",
        "error",
    ]

    def some(depth: int) -> object:
        kind = source.random()
        if depth == 0 or kind < 0.2:
            return source.choice([None, True, 3, "text", 1.5])
        if kind < 0.5:
            return [some(depth - 1) for _ in range(source.randrange(4))]
        return {source.choice(names): some(depth - 1) for _ in range(source.randrange(5))}

    for _ in range(2000):
        body = {"choices": [{"delta": some(5), "message": some(5)}, some(3)], "usage": some(1)}
        streamed(body)
        answered(body)


def test_time_grows_with_the_number_of_calls_only() -> None:
    def seconds(calls: int) -> float:
        body = [
            sse(delta(tool_calls=[call(n, name="f", arguments="{}")]))
            + sse(delta(tool_calls=[call(n, arguments=" ")]))
            for n in range(calls)
        ]
        recording = exchange(*body, DONE)
        began = time.process_time()
        reply = read_reply(recording, streamed=True)
        assert reply.choice is not None
        assert len(reply.choice.tool_calls) == calls
        return time.process_time() - began

    seconds(100)
    gc.disable()  # what thousands of tests before this one have left is no part of the time
    try:
        small, large = (min(seconds(calls) for _ in range(3)) for calls in (1000, 10_000))
    finally:
        gc.enable()
    assert large < 40 * small
    assert large < 5
