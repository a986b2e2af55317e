"""What is asked again: until it fails to come, or has come often enough; with an allowance, and not by a replay."""

from collections.abc import Callable

import pytest

from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.judged_answer import Intermittent
from tests.harness.suites.confirmation import ATTEMPTS, RERUN_BUDGET, Confirmation, note_of

Again = Callable[[int], frozenset[str]]


def shown(*attempts: str) -> tuple[list[int], Again]:
    """The attempts that were asked for, and what each shows, a letter a finding; the last one ever after."""
    asked: list[int] = []

    def again(attempt: int) -> frozenset[str]:
        asked.append(attempt)
        return frozenset(attempts[min(attempt, len(attempts)) - 1])

    return asked, again


def lasting(
    names: str, again: Again, chunking_dependent: str = "", repeats: Confirmation | None = None
) -> str:
    repeated = (repeats or Confirmation()).repeated(frozenset(names), again, chunking_dependent)
    return "".join(sorted(repeated.lasting))


def test_twice_is_enough_where_nothing_would_explain_it() -> None:
    asked, again = shown("ab")
    assert lasting("ab", again) == "ab"
    assert asked == [1]


def test_what_longer_deltas_would_explain_has_to_come_each_time() -> None:
    asked, again = shown("ab")
    assert lasting("ab", again, "a") == "ab"
    assert asked == list(range(1, ATTEMPTS))


def test_each_finding_is_followed_by_itself() -> None:
    asked, again = shown("abc", "a", "ab", "c")
    assert lasting("abc", again, "ab") == "c"
    assert asked == [1, 2, 3, 4]


@pytest.mark.parametrize("times", range(ATTEMPTS - 1))
def test_nothing_is_asked_once_nothing_is_left(times: int) -> None:
    asked, again = shown(*["a"] * times, "b")
    assert lasting("a", again, "a") == ""
    assert asked == list(range(1, times + 2))


def test_where_there_is_no_finding_nothing_is_asked() -> None:
    asked, again = shown("a")
    assert lasting("", again, "a") == ""
    assert asked == []


def test_a_server_that_is_wrong_everywhere_is_asked_twice() -> None:
    repeats = Confirmation()
    for _ in range(RERUN_BUDGET):
        asked, again = shown("a")
        assert lasting("a", again, "a", repeats) == "a"
    assert asked == [1]
    asked, again = shown("b")
    assert lasting("a", again, "a", repeats) == ""


def test_a_replay_asks_as_often_as_was_recorded_and_pays_nothing_for_the_rest() -> None:
    def again(attempt: int) -> frozenset[str]:
        if attempt > 1:
            raise NotRecorded("not asked then")
        return frozenset("a")

    repeats = Confirmation()
    for _ in range(RERUN_BUDGET + 1):
        assert lasting("ab", again, "ab", repeats) == "a"
    asked, long_after = shown("a")
    assert lasting("a", long_after, "a", repeats) == "a"
    assert len(asked) == ATTEMPTS - 1


def test_what_does_not_last_is_told_with_its_rate_also_where_a_later_attempt_alone_shows_it() -> None:
    _, again = shown("ab", "ac", "")
    found = Confirmation().repeated(frozenset("ab"), again, "a").intermittent
    assert found == (Intermittent("a", "3 of 4 times"), Intermittent("c", "1 of 4 times"))
    assert note_of(found) == "depends on load: a came 3 of 4 times, c came 1 of 4 times"
    assert note_of(()) == ""
