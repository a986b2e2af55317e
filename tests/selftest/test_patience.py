"""Answers get the time and room that they need, and a session gives up when too much was waited in vain."""

import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.harness.bounded.limits import Limits
from tests.harness.patience import IN_VAIN, Patience
from tests.selftest.parrot import ReadingParrot, recordings_of


def test_an_answer_of_more_tokens_gets_more_time_and_room() -> None:
    patience = Patience(300)
    short, long = patience.limits({"max_tokens": 512}), patience.limits({"max_tokens": 32_000})
    assert (short.total_s, short.silence_s) == (300, 180)
    assert long.total_s == long.silence_s == 32_000 * 0.04
    assert short.max_bytes < 4 * 1024**2 < 32 * 1024**2 < long.max_bytes
    assert short.max_marks < long.max_marks
    assert short.max_frames < long.max_frames


def test_several_choices_and_logprobs_need_room_for_each() -> None:
    patience = Patience(300)
    one, many = (
        patience.limits({"max_tokens": 100}),
        patience.limits({"max_tokens": 100, "n": 3, "top_logprobs": 5}),
    )
    assert many.max_bytes - one.max_bytes == 17 * (one.max_bytes - 2 * 1024**2)


def test_a_request_that_does_not_say_how_long_gets_the_usual_room() -> None:
    assert Patience(10).limits({}) == Limits(total_s=10, silence_s=6)


def test_it_ends_when_too_much_was_waited_in_vain() -> None:
    patience, now = Patience(10), time.monotonic()
    for answer in range(IN_VAIN - 1):
        patience.lost(now - 10 * (IN_VAIN - answer), f"answer {answer}")
    # What one answer took is counted up to now; the second began inside that time.
    assert patience.end.startswith("30 s were spent on answers that broke off or did not end")
    assert "3 times --answer-timeout 10" in patience.end
    assert patience.end.endswith("the last one: answer 1")


def test_time_side_by_side_counts_once() -> None:
    patience, began = Patience(10), time.monotonic() - 20
    for _ in range(16):
        patience.lost(began, "slow")
    assert patience.end == ""


@pytest.mark.parametrize(("owned", "status", "waits"), [(True, 200, 1), (False, 200, 0), (False, None, 1)])
def test_only_an_end_that_would_be_noticed_is_waited_for(
    owned: bool, status: int | None, waits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Mock()
    with recordings_of(ReadingParrot(), tmp_path) as recordings:
        monkeypatch.setattr(type(recordings.live), "require_alive_soon", watched)
        recordings.live.deployment = replace(recordings.live.deployment, owned=owned)
        exchange = recordings.record("case", "whole", "natural", {"model": "m", "messages": []})
        recordings.note(replace(exchange, status=status, error="ReadError: it broke off"), time.monotonic())
    assert watched.call_count == waits
