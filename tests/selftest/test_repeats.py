"""What is asked again: until it fails to come, or has come often enough; with an allowance, and not by a replay."""

from collections.abc import Callable

import pytest

from tests.harness.records.errors import NotRecorded
from tests.harness.repeats import ALLOWANCE, ATTEMPTS, Repeats, note_of

Again = Callable[[int], frozenset[str]]


def shown(*attempts: str) -> tuple[list[int], Again]:
    """The attempts that were asked for, and what each shows, a letter a finding; the last one ever after."""
    asked: list[int] = []

    def again(attempt: int) -> frozenset[str]:
        asked.append(attempt)
        return frozenset(attempts[min(attempt, len(attempts)) - 1])

    return asked, again


def lasting(names: str, again: Again, repeats: Repeats | None = None) -> str:
    return "".join(sorted((repeats or Repeats()).lasting(frozenset(names), again)))


def test_what_comes_each_time_lasts() -> None:
    asked, again = shown("ab")
    assert lasting("ab", again) == "ab"
    assert asked == list(range(1, ATTEMPTS))


def test_each_finding_is_followed_by_itself() -> None:
    asked, again = shown("abc", "ab", "ac", "a")
    assert lasting("abc", again) == "a"
    assert asked == list(range(1, ATTEMPTS))


@pytest.mark.parametrize("times", range(ATTEMPTS - 1))
def test_nothing_is_asked_once_nothing_is_left(times: int) -> None:
    asked, again = shown(*["a"] * times, "b")
    assert lasting("a", again) == ""
    assert asked == list(range(1, times + 2))


def test_where_there_is_no_finding_nothing_is_asked() -> None:
    asked, again = shown("a")
    assert lasting("", again) == ""
    assert asked == []


def test_a_server_that_is_wrong_everywhere_is_asked_twice() -> None:
    repeats = Repeats()
    for _ in range(ALLOWANCE):
        asked, again = shown("a")
        assert lasting("a", again, repeats) == "a"
    assert asked == [1]
    asked, again = shown("b")
    assert lasting("a", again, repeats) == ""


def test_a_replay_asks_as_often_as_was_recorded() -> None:
    def again(attempt: int) -> frozenset[str]:
        if attempt > 2:
            raise NotRecorded("not asked then")
        return frozenset("a")

    assert lasting("ab", again) == "a"


def test_what_does_not_last_is_told() -> None:
    assert note_of(frozenset({"b/y", "a/x"})) == "depends on load: a/x, b/y did not come each time"
    assert note_of(frozenset()) == ""
