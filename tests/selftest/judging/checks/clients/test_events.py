"""Each symptom of events that are out of order, or that disagree, is seen."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.judging.checks.clients import messages_events, responses_events
from tests.harness.suites.clients import messages
from tests.selftest.suites.clients import answers
from tests.selftest.suites.clients.answers import ARGUMENTS, NAME, Events

Damage = Callable[[Events], Any]


def _set(number: int, name: str, value: object) -> Damage:
    return lambda events: events[number].__setitem__(name, value)


def _incomplete(events: Events) -> None:
    events[-1].update(type="response.incomplete", response={**events[-1]["response"], "status": "incomplete"})


def _next(events: Events) -> Events:
    return [{**event, "index": event["index"] + 1} for event in events]


RESPONSES: list[tuple[str, Damage, str]] = [
    ("nothing", lambda _: None, ""),
    ("not created", lambda events: events.pop(0), "out-of-order"),
    ("not completed", lambda events: events.pop(), "out-of-order"),
    ("completed twice", lambda events: events.insert(4, events[-1]), "out-of-order"),
    ("an item never added", lambda events: events.pop(2), "out-of-order"),
    ("an item never done", lambda events: events.pop(6), "out-of-order"),
    ("an item added twice", lambda events: events.insert(3, events[2]), "out-of-order"),
    ("a delta after done", lambda events: events.insert(6, events[4]), "out-of-order"),
    ("text in a call", _set(4, "type", "response.output_text.delta"), "out-of-order"),
    ("a number left out", _set(3, "sequence_number", 9), "out-of-order"),
    ("a delta lost", _set(3, "delta", ""), "arguments-differ"),
    ("done says less", _set(5, "arguments", "{}"), "arguments-differ"),
    ("never done", _set(5, "type", "response.other"), "out-of-order"),
    ("done twice", lambda events: events.insert(6, events[5]), "out-of-order"),
    ("cut at a limit", _incomplete, ""),
    ("cut, and goes on", lambda events: events.insert(4, {"type": "response.incomplete"}), "out-of-order"),
    ("cut, and called complete", _set(-1, "type", "response.incomplete"), "wrong-end"),
    (
        "complete, and called cut",
        lambda events: events[-1]["response"].update(status="incomplete"),
        "wrong-end",
    ),
    ("another item", lambda events: events[6]["item"].update(id="fc_9"), "ids-differ"),
    ("another call", lambda events: events[2]["item"].update(call_id="call_9"), "ids-differ"),
    ("a call left out", lambda events: events[-1]["response"].update(output=[]), "items-differ"),
    ("another tool", lambda events: events[2]["item"].update(name="other"), "items-differ"),
    (
        "completed says less",
        lambda events: events[-1]["response"]["output"][0].update(arguments="{}"),
        "arguments-differ",
    ),
]
TEXTS: list[tuple[str, Damage, str]] = [
    ("nothing", lambda _: None, ""),
    ("cut at a limit", _incomplete, ""),
    ("a part never added", lambda events: events.pop(2), "out-of-order"),
    ("the text never done", lambda events: events.pop(5), "out-of-order"),
    ("a part never done", lambda events: events.pop(6), "out-of-order"),
    ("an item never done", lambda events: events.pop(7), "out-of-order"),
    ("a delta lost", _set(3, "delta", ""), "text-differs"),
    ("done says less", _set(5, "text", "T"), "text-differs"),
    ("the part says less", lambda events: events[6]["part"].update(text="T"), "text-differs"),
    ("the item says less", lambda events: events[7]["item"].update(content=[]), "text-differs"),
    (
        "completed says less",
        lambda events: events[-1]["response"]["output"][0].update(content=[]),
        "text-differs",
    ),
    ("another item", lambda events: events[7]["item"].update(id="msg_9"), "ids-differ"),
]
THINKING: Events = [
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "s"}},
    {"type": "content_block_stop", "index": 0},
]
MESSAGES: list[tuple[str, Damage, str]] = [
    ("nothing", lambda _: None, ""),
    ("a ping", lambda events: events.insert(1, {"type": "ping"}), ""),
    ("not started", lambda events: events.pop(0), "out-of-order"),
    ("not stopped", lambda events: events.pop(), "out-of-order"),
    ("a block never started", lambda events: events.pop(1), "out-of-order"),
    ("a block never stopped", lambda events: events.pop(4), "out-of-order"),
    ("a block started twice", lambda events: events.insert(2, events[1]), "out-of-order"),
    ("another index", _set(2, "index", 3), "out-of-order"),
    (
        "JSON in a block of text",
        lambda events: events[1]["content_block"].update(type="text"),
        "out-of-order",
    ),
    ("thinking", lambda events: events.__setitem__(slice(1, 5), [*THINKING, *_next(events[1:5])]), ""),
    ("no usage", _set(5, "usage", None), "no-usage"),
]


ROWS = [
    *(
        (f"call: {row[0]}", answers.responses_events, responses_events.judge_events, *row[1:])
        for row in RESPONSES
    ),
    *(
        (f"text: {row[0]}", answers.responses_text_events, responses_events.judge_events, *row[1:])
        for row in TEXTS
    ),
    *(
        (f"message: {row[0]}", answers.messages_events, messages_events.judge_events, *row[1:])
        for row in MESSAGES
    ),
    ("message: text", answers.messages_text_events, messages_events.judge_events, lambda _: None, ""),
]


@pytest.mark.parametrize(
    ("right", "judge", "damage", "symptom"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_events(
    right: Callable[[], Events], judge: Callable[[Events], Any], damage: Damage, symptom: str
) -> None:
    events = copy.deepcopy(right())
    damage(events)
    found = {finding.symptom for finding in judge(events)}
    assert found == ({symptom} if symptom else set())


def test_arguments_are_compared_although_the_ids_differ() -> None:
    events = answers.responses_events()
    events[6]["item"].update(id="fc_9", arguments="{}")
    found = {finding.symptom for finding in responses_events.judge_events(events)}
    assert found == {"ids-differ", "arguments-differ"}


def test_kinds_that_nobody_knows_may_come_anywhere() -> None:
    events = answers.responses_text_events()
    events.insert(4, {"type": "response.reasoning_text.delta", "delta": "hm"})
    events = [{**event, "sequence_number": number} for number, event in enumerate(events)]
    assert not list(responses_events.judge_events(events))


def test_every_symptom_is_seen_once() -> None:
    assert {row[2] for row in [*RESPONSES, *TEXTS] if row[2]} == set(responses_events.CHECK.symptoms)
    assert {row[2] for row in MESSAGES if row[2]} == set(messages_events.CHECK.symptoms)


def test_the_pieces_of_a_message_are_joined() -> None:
    assert messages.joined(answers.messages_events()).calls == ((NAME, ARGUMENTS),)
