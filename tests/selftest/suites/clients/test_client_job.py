"""Whole sessions of the other callers: against a server that has all addresses, one that has none, and bad ones."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.selftest.jobs import Job, job
from tests.selftest.scripted import Received, ScriptedServer, Step, whole
from tests.selftest.suites.clients.answers import CASE, good

CLIENTS = 4 + 3 * 4
"""Items: four clients of the chat address; query, follow-up and both chained, at two addresses in two modes."""
Answer = Callable[[Received], Iterable[Step]]


def session(answer: Answer, folder: Path) -> Job:
    with ScriptedServer(answer) as server:
        return job(folder, "--target", f"{server.url}[profile=fixture]", "-k", f"test_caller and {CASE.id}")


def instead(path: str, other: bytes) -> Answer:
    return lambda request: [other] if request.path == path else good(request)


def test_all_callers_read_a_right_answer_alike(tmp_path: Path) -> None:
    ended = session(good, tmp_path)
    assert ended.status == 0, ended.said
    results = [outcome.result for outcome in ended.run().outcomes]
    assert results == ["passed"] * CLIENTS


def test_addresses_that_a_server_does_not_have_are_counted(tmp_path: Path) -> None:
    ended = session(instead("/openapi.json", whole({"paths": {}})), tmp_path)
    assert ended.status == 0, ended.said
    notes = [outcome.note for outcome in ended.run().outcomes if outcome.result == "not-applicable"]
    assert len(notes) == CLIENTS - 4
    assert "the server does not list /v1/messages in its /openapi.json" in ended.said


@pytest.mark.parametrize("path", ["/v1/responses", "/v1/messages"])
def test_an_address_that_refuses_is_a_no_go(path: str, tmp_path: Path) -> None:
    ended = session(instead(path, whole({"error": "sorry"}, "500 Internal Server Error")), tmp_path)
    assert ended.status == 1, ended.said
    assert ended.said.count("client-view/refused") >= 6
    assert "status 500" in ended.said


def test_a_stream_without_its_end_is_a_no_go(tmp_path: Path) -> None:
    cut = [
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n",
        b'data: {"type": "message_start"}\n\n',
    ]

    def answer(request: Received) -> Iterable[Step]:
        is_stream = request.path == "/v1/messages" and request.json().get("stream")
        return cut if is_stream else good(request)

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    assert "messages-events/out-of-order" in ended.said


@pytest.mark.parametrize(
    ("path", "damage", "symptom"),
    [
        ("/v1/responses", (b'"delta": "It is', b'"delta": "'), "responses-events/text-differs"),
        ("/v1/responses", (b"It is", b"is"), "client-view/modes-differ"),
        (
            "/v1/responses",
            (
                b'added", "output_index": 0, "item": {"type": "function_call", "id": "fc_0"',
                b'added", "output_index": 0, "item": {"type": "function_call", "id": "fc_9"',
            ),
            "responses-events/ids-differ",
        ),
        ("/v1/messages", (b"It is", b"is"), "client-view/modes-differ"),
        (
            "/v1/messages",
            (b'"stop_reason": "tool_use"', b'"stop_reason": "end_turn"'),
            "client-view/other-ending",
        ),
    ],
)
def test_damaged_streams_of_the_other_addresses(
    path: str, damage: tuple[bytes, bytes], symptom: str, tmp_path: Path
) -> None:
    def answer(request: Received) -> Iterable[Step]:
        steps = list(good(request))
        is_stream = request.path == path and request.json().get("stream")
        return (
            [step.replace(*damage) if isinstance(step, bytes) else step for step in steps]
            if is_stream
            else steps
        )

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    found = {found.finding.name for outcome in ended.run().outcomes for found in outcome.findings}
    assert found == {symptom}


def test_a_history_that_is_refused_is_a_no_go(tmp_path: Path) -> None:
    def answer(request: Received) -> Iterable[Step]:
        is_round_two = request.path == "/v1/messages" and len(request.json()["messages"]) > 1
        return [whole({"error": "no"}, "400 Bad Request")] if is_round_two else good(request)

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    found = [found.finding.name for outcome in ended.run().outcomes for found in outcome.findings]
    assert found == ["client-view/refused"] * 4


def test_an_error_in_a_stream_is_told_as_one(tmp_path: Path) -> None:
    error = b'data: {"error": {"message": "list index out of range"}}\n\ndata: [DONE]\n\n'
    cut = [b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n", error]

    def answer(request: Received) -> Iterable[Step]:
        is_stream = request.path == "/v1/chat/completions" and request.json().get("stream")
        return cut if is_stream else good(request)

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    found = [found.finding.name for outcome in ended.run().outcomes for found in outcome.findings]
    assert found == ["client-view/refused"] * 4
    assert "list index out of range" in ended.said


@pytest.mark.parametrize("path", ["/v1/responses", "/v1/messages"])
@pytest.mark.parametrize(
    "body", [b"null", b'{"output": [{"type": "function_call"}], "content": [{"type": "tool_use"}]}']
)
def test_an_answer_of_another_make_is_a_no_go(path: str, body: bytes, tmp_path: Path) -> None:
    def answer(request: Received) -> Iterable[Step]:
        is_whole = request.path == path and not request.json().get("stream")
        return [whole(body)] if is_whole else good(request)

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    assert "client-view/malformed" in ended.said
    assert "Traceback" not in ended.said


@pytest.mark.parametrize(
    ("path", "field", "symptoms"),
    [
        ("/v1/responses", b'"call_id": "call_0"', {"client-view/malformed"}),
        ("/v1/messages", b'"id": "toolu_0"', {"client-view/malformed", "messages-object/ids"}),
    ],
)
def test_a_call_without_its_id_cannot_be_answered_and_is_a_no_go(
    path: str, field: bytes, symptoms: set[str], tmp_path: Path
) -> None:
    def answer(request: Received) -> Iterable[Step]:
        steps = list(good(request))
        is_whole = request.path == path and not request.json().get("stream")
        # As long as before: the length of the body has been said.
        other = b'"x' + field[2:]
        return (
            [step.replace(field, other) for step in steps if isinstance(step, bytes)] if is_whole else steps
        )

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    found = {found.finding.name for outcome in ended.run().outcomes for found in outcome.findings}
    assert found == symptoms
    assert {outcome.result for outcome in ended.run().outcomes} == {"passed", "failed"}


@pytest.mark.parametrize("event", [b"7", b'{"choices": null}', b'{"choices": [{"index": 0}]}'])
def test_lines_that_are_no_chunks_are_a_no_go(event: bytes, tmp_path: Path) -> None:
    def answer(request: Received) -> Iterable[Step]:
        is_chat = request.path == "/v1/chat/completions" and request.json().get("stream")
        return [b"HTTP/1.1 200 OK\r\n\r\ndata: %b\n\ndata: [DONE]\n\n" % event] if is_chat else good(request)

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    assert "error" not in {outcome.result for outcome in ended.run().outcomes}


def test_a_whole_answer_that_is_refused_is_no_other_text_than_the_streamed_one(tmp_path: Path) -> None:
    def answer(request: Received) -> Iterable[Step]:
        asked = request.json() if request.method == "POST" else {}
        is_whole_follow_up = (
            request.path == "/v1/responses" and "tools" not in asked and not asked.get("stream")
        )
        return [whole({}, "500 Internal Server Error")] if is_whole_follow_up else good(request)

    ended = session(answer, tmp_path)
    assert ended.status == 1, ended.said
    found = {found.finding.name for outcome in ended.run().outcomes for found in outcome.findings}
    assert found == {"client-view/refused"}


def test_a_server_that_does_not_say_its_addresses_is_asked_for_each(tmp_path: Path) -> None:
    ended = session(instead("/openapi.json", whole({}, "404 Not Found")), tmp_path)
    assert [outcome.result for outcome in ended.run().outcomes] == ["passed"] * CLIENTS
