"""Each symptom of a response or message as a whole is seen, alone."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.harness.core.records.finding import Finding
from tests.harness.judging.checks.clients import messages_object, responses_object
from tests.selftest.suites.clients import answers
from tests.selftest.suites.clients.answers import ARGUMENTS, item, message, response, text_item

Judge = Callable[[dict[str, Any]], Iterable[Finding]]
CALL = {"type": "tool_use", "id": "toolu_0", "name": "get", "input": {}}
AT_LIMIT = {"incomplete_details": {"reason": "max_output_tokens"}}
CUT = {**response([item("{", "incomplete")], "incomplete"), **AT_LIMIT}
WHOLE = response([item(ARGUMENTS)])


def counted(given: dict[str, Any], **counts: object) -> dict[str, Any]:
    return {**given, "usage": {**given["usage"], **counts}}


RESPONSES: list[tuple[dict[str, Any], set[str]]] = [
    (WHOLE, set()),
    (response([]), set()),
    (response([text_item(), item(ARGUMENTS)]), set()),
    (response([{"type": "reasoning", "status": None}, item(ARGUMENTS)]), set()),
    (CUT, set()),
    ({**CUT, "output": []}, set()),
    ({**CUT, "output": [item(ARGUMENTS), item("{", "incomplete")]}, set()),
    ({**WHOLE, "status": "failed"}, set()),
    (response([], "in_progress"), {"wrong-state"}),
    (response([item(ARGUMENTS, "in_progress")]), {"wrong-state"}),
    (response([item("{", "incomplete"), item(ARGUMENTS)]), {"wrong-state"}),
    ({**CUT, "output": [item(ARGUMENTS)]}, {"wrong-state"}),
    ({**CUT, "output": [item("{", "incomplete"), text_item()]}, {"wrong-state"}),
    ({**CUT, "incomplete_details": None}, {"no-reason"}),
    ({**CUT, "incomplete_details": {}}, {"no-reason"}),
    ({**WHOLE, **AT_LIMIT}, {"no-reason"}),
    ({**WHOLE, "usage": None}, {"usage"}),
    (counted(WHOLE, total_tokens=3), {"usage"}),
    (counted(WHOLE, input_tokens=0, total_tokens=1), {"usage"}),
    (counted(WHOLE, output_tokens=None), {"usage"}),
]
STOPPED = {**message([], "stop_sequence"), "stop_sequence": "END"}
MESSAGES: list[tuple[dict[str, Any], set[str]]] = [
    (message([CALL]), set()),
    (message([CALL, {**CALL, "id": "toolu_1"}]), set()),
    (message([{"type": "text", "text": "Hi"}], "end_turn"), set()),
    (counted(message([]), output_tokens=0), set()),
    (STOPPED, set()),
    ({**STOPPED, "stop_sequence": None}, {"stop-sequence"}),
    ({**STOPPED, "stop_reason": "end_turn"}, {"stop-sequence"}),
    (message([{**CALL, "id": None}]), {"ids"}),
    (message([{**CALL, "id": ""}]), {"ids"}),
    (message([CALL, CALL]), {"ids"}),
    ({**message([]), "usage": None}, {"usage"}),
    (counted(message([]), input_tokens=None), {"usage"}),
    (counted(message([]), output_tokens=-1), {"usage"}),
]
ROWS = [
    *((responses_object.judge_object, *row) for row in RESPONSES),
    *((messages_object.judge_object, *row) for row in MESSAGES),
]


@pytest.mark.parametrize(("judge", "given", "symptoms"), ROWS)
def test_an_object_shows_what_is_wrong_with_it_and_no_more(
    judge: Judge, given: dict[str, Any], symptoms: set[str]
) -> None:
    assert {finding.symptom for finding in judge(given)} == symptoms


def test_every_symptom_is_seen_once() -> None:
    assert set().union(*(symptoms for _, symptoms in RESPONSES)) == set(responses_object.CHECK.symptoms)
    assert set().union(*(symptoms for _, symptoms in MESSAGES)) == set(messages_object.CHECK.symptoms)


def test_the_response_of_a_stream_is_that_of_its_last_event() -> None:
    assert responses_object.object_in(answers.responses_events()) == WHOLE


def test_the_message_of_a_stream_is_what_its_beginning_and_its_end_say() -> None:
    events = answers.messages_events()
    events[-2]["usage"] = {"output_tokens": 9}
    found = messages_object.object_in(events)
    assert (found["id"], found["stop_reason"]) == ("msg_0", "tool_use")
    assert found["usage"] == {"input_tokens": 1, "output_tokens": 9}
    assert [block["id"] for block in found["content"]] == ["toolu_0"]
    assert not list(messages_object.judge_object(found))
