"""What is asked again where no cut is known: until it fails to come, or has come often enough; not by a replay."""

from collections.abc import Callable

import pytest

from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.judged_answer import Intermittent, note_of
from tests.harness.suites.confirmation import ATTEMPTS, ATTEMPTS_OF_TWO_STREAMS, repeated

Again = Callable[[int], frozenset[str]]


def shown(*attempts: str) -> tuple[list[int], Again]:
    """The attempts that were asked for, and what each shows, a letter a finding; the last one ever after."""
    asked: list[int] = []

    def again(attempt: int) -> frozenset[str]:
        asked.append(attempt)
        return frozenset(attempts[min(attempt, len(attempts)) - 1])

    return asked, again


def lasting(names: str, again: Again, attempts: int = ATTEMPTS) -> str:
    return "".join(sorted(repeated(frozenset(names), again, attempts).lasting))


def test_twice_is_enough() -> None:
    asked, again = shown("ab")
    assert lasting("ab", again) == "ab"
    assert asked == [1]


def test_what_tells_two_streams_apart_has_to_come_more_often() -> None:
    asked, again = shown("a")
    assert lasting("a", again, ATTEMPTS_OF_TWO_STREAMS) == "a"
    assert asked == list(range(1, ATTEMPTS_OF_TWO_STREAMS))


def test_each_finding_is_followed_by_itself() -> None:
    asked, again = shown("abc", "b", "ab", "c")
    assert lasting("abc", again, 6) == ""
    assert asked == [1, 2, 3, 4]


@pytest.mark.parametrize("times", range(ATTEMPTS_OF_TWO_STREAMS - 1))
def test_nothing_is_asked_once_nothing_is_left(times: int) -> None:
    asked, again = shown(*["a"] * times, "b")
    assert lasting("a", again, ATTEMPTS_OF_TWO_STREAMS) == ""
    assert asked == list(range(1, times + 2))


def test_where_there_is_no_finding_nothing_is_asked() -> None:
    asked, again = shown("a")
    assert lasting("", again) == ""
    assert asked == []


def test_a_replay_asks_as_often_as_was_recorded() -> None:
    def again(attempt: int) -> frozenset[str]:
        if attempt > 1:
            raise NotRecorded("not asked then")
        return frozenset("a")

    assert lasting("ab", again, 6) == "a"


def test_what_does_not_last_is_noted_with_its_rate_also_where_a_later_attempt_alone_shows_it() -> None:
    _, again = shown("ab", "ac", "")
    found = repeated(frozenset("ab"), again, 6).intermittent
    assert found == (
        Intermittent("a", "3 of 4 times"),
        Intermittent("b", "2 of 4 times"),
        Intermittent("c", "1 of 4 times"),
    )
    assert note_of(found[:1]) == "depends on load: a came 3 of 4 times"
    assert note_of(()) == ""
