"""Answers get the time and room that they need, and a session gives up when too much was waited in vain."""

import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.harness.core.http.limits import Limits
from tests.harness.suites.seen_causes import ENOUGH
from tests.harness.suites.time_budget import IN_VAIN, TimeBudget
from tests.selftest.parrot import ReadingParrot, answer_store_of


def test_an_answer_of_more_tokens_gets_more_time_and_room() -> None:
    time_budget = TimeBudget(300)
    short, long = time_budget.limits({"max_tokens": 512}), time_budget.limits({"max_tokens": 32_000})
    assert (short.total_s, short.silence_s) == (300, 180)
    assert long.total_s == long.silence_s == 32_000 * 0.04
    assert short.max_bytes < 4 * 1024**2 < 32 * 1024**2 < long.max_bytes
    assert short.max_parse_cost < long.max_parse_cost
    assert short.max_frames < long.max_frames


def test_several_choices_and_logprobs_need_room_for_each() -> None:
    time_budget = TimeBudget(300)
    one, many = (
        time_budget.limits({"max_tokens": 100}),
        time_budget.limits({"max_tokens": 100, "n": 3, "top_logprobs": 5}),
    )
    assert many.max_bytes - one.max_bytes == 17 * (one.max_bytes - 2 * 1024**2)


def test_a_request_that_does_not_say_how_long_gets_the_usual_room() -> None:
    assert TimeBudget(10).limits({}) == Limits(total_s=10, silence_s=6)


def test_it_ends_when_too_much_was_waited_in_vain() -> None:
    time_budget, now = TimeBudget(10), time.monotonic()
    for answer in range(IN_VAIN - 1):
        time_budget.charge(now - 10 * (IN_VAIN - answer), f"answer {answer}")
    # What one answer took is counted up to now; the second began inside that time.
    assert time_budget.exhausted.startswith("30 s were spent on answers that broke off or did not end")
    assert "3 times --answer-timeout 10" in time_budget.exhausted
    assert time_budget.exhausted.endswith("the last one: answer 1")


def test_time_side_by_side_counts_once() -> None:
    time_budget, began = TimeBudget(10), time.monotonic() - 20
    for _ in range(16):
        time_budget.charge(began, "slow")
    assert time_budget.exhausted == ""


@pytest.mark.parametrize(("managed", "status", "waits"), [(True, 200, 1), (False, 200, 0), (False, None, 1)])
def test_only_an_end_that_would_be_noticed_is_waited_for(
    managed: bool, status: int | None, waits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Mock()
    with answer_store_of(ReadingParrot(), tmp_path) as store:
        monkeypatch.setattr(type(store.server), "require_alive_soon", watched)
        store.server.deployment = replace(store.server.deployment, managed=managed)
        exchange = store.record("case", "whole", "natural", {"model": "m", "messages": []})
        store.note(replace(exchange, status=status, error="ReadError: it broke off"), time.monotonic())
    assert watched.call_count == waits


def test_a_server_that_has_outlived_enough_of_the_same_gets_no_more_time_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Mock()
    with answer_store_of(ReadingParrot(), tmp_path) as store:
        monkeypatch.setattr(type(store.server), "require_alive_soon", watched)
        store.server.deployment = replace(store.server.deployment, managed=True)
        exchange = store.record("case", "whole", "natural", {"model": "m", "messages": []})
        for number in range(2 * ENOUGH):
            store.note(replace(exchange, error=f"ReadError: it broke off at {number}"), time.monotonic())
        assert watched.call_count == ENOUGH
        store.note(replace(exchange, error="ReadTimeout: no byte"), time.monotonic())
    assert watched.call_count == ENOUGH + 1, "another kind of break is looked at again"
