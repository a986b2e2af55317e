"""Each symptom of events that are out of order, or that disagree, is seen."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.callers import messages, responses
from tests.harness.callers.rules import MESSAGES_EVENTS, RESPONSES_EVENTS
from tests.selftest.callers.answers import ARGUMENTS, NAME, Events, messages_events, responses_events

Damage = Callable[[Events], Any]


def _set(number: int, name: str, value: object) -> Damage:
    return lambda events: events[number].__setitem__(name, value)


RESPONSES: list[tuple[str, Damage, str]] = [
    ("nothing", lambda _: None, ""),
    ("not created", lambda events: events.pop(0), "out-of-order"),
    ("not completed", lambda events: events.pop(), "out-of-order"),
    ("completed twice", lambda events: events.insert(4, events[-1]), "out-of-order"),
    ("an item never added", lambda events: events.pop(2), "out-of-order"),
    ("an item never done", lambda events: events.pop(6), "out-of-order"),
    ("an item added twice", lambda events: events.insert(3, events[2]), "out-of-order"),
    ("a delta after done", lambda events: events.insert(6, events[4]), "out-of-order"),
    ("a number left out", _set(3, "sequence_number", 9), "out-of-order"),
    ("a delta lost", _set(3, "delta", ""), "arguments-differ"),
    ("done says less", _set(5, "arguments", "{}"), "arguments-differ"),
    ("never done", _set(5, "type", "response.other"), "arguments-differ"),
    ("another item", lambda events: events[6]["item"].update(id="fc_9"), "ids-differ"),
    ("another call", lambda events: events[2]["item"].update(call_id="call_9"), "ids-differ"),
    ("a call left out", lambda events: events[-1]["response"].update(output=[]), "ids-differ"),
    (
        "completed says less",
        lambda events: events[-1]["response"]["output"][0].update(arguments="{}"),
        "arguments-differ",
    ),
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
    ("no usage", _set(5, "usage", None), "no-usage"),
]


@pytest.mark.parametrize(
    ("damage", "symptom"), [row[1:] for row in RESPONSES], ids=[row[0] for row in RESPONSES]
)
def test_events_of_a_response(damage: Damage, symptom: str) -> None:
    events = responses_events()
    damage(events)
    found = {finding.symptom for finding in responses.judge_events(events)}
    assert found == ({symptom} if symptom else set())


@pytest.mark.parametrize(
    ("damage", "symptom"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES]
)
def test_events_of_a_message(damage: Damage, symptom: str) -> None:
    events = messages_events()
    damage(events)
    found = {finding.symptom for finding in messages.judge_events(events)}
    assert found == ({symptom} if symptom else set())


def test_every_symptom_is_seen_once() -> None:
    assert {row[2] for row in RESPONSES if row[2]} == set(RESPONSES_EVENTS.symptoms)
    assert {row[2] for row in MESSAGES if row[2]} == set(MESSAGES_EVENTS.symptoms)


def test_the_pieces_of_a_message_are_joined() -> None:
    assert messages.joined(messages_events()).calls == ((NAME, ARGUMENTS),)
