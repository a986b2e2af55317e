"""No answer, however broken, makes a rule raise: a crash of ours would look like a fault of the server."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.core.records.case import MODES, ExpectedCall, Mode
from tests.harness.judging.check_selection import judge_what_can_be
from tests.selftest.faulty_servers.correct import (
    Answer,
    Wire,
    chunks_of,
    frame,
    stream_wire,
    whole_of,
    whole_wire,
)
from tests.selftest.judging.checks.offline import call, case_with, subject_for

CASE = case_with(ExpectedCall("first", {"x": 1}), ExpectedCall("second", {"y": {"z": "ü"}}))
ANSWER = Answer((call("first", {"x": 1}), call("second", {"y": {"z": "ü"}})))
ODDITIES: list[Any] = [
    None,
    True,
    -1,
    1e300,
    "",
    "x",
    "\ud800",
    [],
    [None],
    {},
    {"index": 0},
    {"index": 1},
    {"index": [1]},
    [[]],
    "{",
    2**70,
]


def with_second_choice(body: dict[str, Any]) -> dict[str, Any]:
    """The same with its one choice twice: each is judged as if it were alone."""
    return {**body, "choices": [*body["choices"], *({**one, "index": 1} for one in body["choices"])]}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, below in list(entries):
        yield value, key
        yield from places(below)


def damaged(value: Any, dice: random.Random) -> Any:
    value = copy.deepcopy(value)
    for _ in range(dice.randint(1, 3)):
        container, key = dice.choice(list(places(value)))
        if isinstance(container, dict) and dice.random() < 0.3:
            container.pop(key, None)
        elif not isinstance(container, list) or key < len(container):
            container[key] = copy.deepcopy(dice.choice(ODDITIES))
    return value


WHOLE = with_second_choice(whole_of(ANSWER))
CHUNKS = list(map(with_second_choice, chunks_of(ANSWER, with_usage=True)))


def wire_pieces(entries: list[Any]) -> tuple[bytes, ...]:
    return tuple(f"data: {json.dumps(entry)}\n\n".encode() for entry in entries)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(8))
def test_damaged_answers_are_judged(mode: Mode, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(15):
        if mode == "whole":
            wire = Wire(200, "application/json", (json.dumps(damaged(WHOLE, dice)).encode(),))
        else:
            pieces = wire_pieces(damaged(CHUNKS, dice))
            wire = Wire(200, "text/event-stream", (*pieces, frame("[DONE]")))
        for finding in judge_what_can_be(subject_for(CASE, wire, mode)):
            assert f"{finding.message}{finding.expected}{finding.got}".isprintable()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_are_judged(mode: Mode, seed: int) -> None:
    dice = random.Random(seed)
    whole = whole_wire(whole_of(ANSWER))
    wire = whole if mode == "whole" else stream_wire(chunks_of(ANSWER, with_usage=True))
    for _ in range(15):
        body = bytearray(b"".join(wire.pieces))
        for _ in range(dice.randint(1, 4)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        if dice.random() < 0.3:
            del body[dice.randrange(len(body)) :]
        judge_what_can_be(subject_for(CASE, Wire(200, wire.media_type, (bytes(body),)), mode))
