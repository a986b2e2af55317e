"""The smallest cut of a finding is found by asking, and a candidate answers under its baseline's cuts."""

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.case import Case
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.core.records.split import Split, at, split_of
from tests.harness.judging.judge import Judge
from tests.harness.suites.forced import BaselineCuts, ForcedSuite
from tests.harness.suites.sought_answers import MOST_ASKED, fewest, smallest, under_cuts
from tests.selftest.parrot import answer_store_of
from tests.selftest.suites.test_toy_parser import MUTANTS, SOURCE, ToyServer

LENGTH = 12
LEAK = ExplainedFinding(Finding("content", "leak", "wrong"))
ALL = tuple(range(1, LENGTH))


def judged_by(shows: Callable[[tuple[int, ...]], bool]) -> Callable[[Split], JudgedAnswer]:
    def judged(split: Split) -> JudgedAnswer:
        places = split.cuts or ()
        findings = (LEAK,) if shows(places) else ()
        ends = (LENGTH,) if split.ends_with_text else (LENGTH, LENGTH)
        return JudgedAnswer("c", "stream", split.name, 1, "", "r", findings, cut=(*places, *ends))

    return judged


@pytest.mark.parametrize(
    "needed", [(), *combinations(ALL, 1), (3, 4), (1, 11), (2, 6, 10), (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)]
)
def test_the_places_that_are_needed_are_found(needed: tuple[int, ...]) -> None:
    assert fewest(ALL, lambda places: set(needed) <= set(places)) == needed


def test_a_single_place_is_found_where_no_part_of_it_shows_alone() -> None:
    """Cuts at 1 and 2 hide what a cut at 7 shows alone, unless one at 9 is there too."""

    def shows(places: tuple[int, ...]) -> bool:
        return places == (7,) or {1, 2, 7, 9} <= set(places)

    assert fewest((1, 2, 7, 9), shows) == (7,)


def test_the_smallest_is_sought_from_the_answer_in_the_fewest_deltas() -> None:
    judged = judged_by(lambda places: 5 in places)
    answers = [judged(at(*ALL)), judged(at(4, 5, 6, ends_with_text=True)), judged(at(4))]
    (found,) = smallest({"content/leak"}, answers, LENGTH, judged)
    assert (found.split, found.cut) == ("at-5+end", (5, LENGTH))


def test_nothing_is_sought_where_a_smallest_one_is_there() -> None:
    judged = judged_by(lambda places: 5 in places)
    answers = [judged(at(*ALL)), judged(at(5))]
    assert list(smallest({"content/leak"}, answers, LENGTH, judged)) == []
    assert list(smallest({"content/other"}, answers, LENGTH, judged)) == []


def test_a_search_asks_no_more_than_it_may() -> None:
    length, asked = 600, []
    everywhere = tuple(range(1, length))

    def judged(split: Split) -> JudgedAnswer:
        asked.append(split)
        places = split.cuts or ()
        findings = (LEAK,) if places == everywhere else ()
        return JudgedAnswer("c", "stream", split.name, 1, "", "r", findings, cut=(*places, length, length))

    first = judged(at(*everywhere))
    asked.clear()
    assert list(smallest({"content/leak"}, [first], length, judged)) == []
    assert len(asked) == MOST_ASKED


def test_an_answer_that_a_replay_lacks_shows_nothing() -> None:
    first = judged_by(lambda _: True)(at(1, 2))
    assert list(smallest({"content/leak"}, [first], LENGTH, lambda _: None)) == []
    assert list(under_cuts([(3, LENGTH)], [first], LENGTH, lambda _: None)) == []


def test_the_cuts_of_a_baseline_are_asked_for_where_nothing_came_in_them() -> None:
    judged = judged_by(lambda _: False)
    answers = [judged(at(3))]
    cuts = [(3, LENGTH, LENGTH), (3, LENGTH), (4, 4, LENGTH), (5, 9)]
    assert [answer.split for answer in under_cuts(cuts, answers, LENGTH, judged)] == ["at-3+end"]


def test_an_engine_that_cuts_by_chance_is_asked_once() -> None:
    asked = []

    def judged(split: Split) -> JudgedAnswer:
        asked.append(split.name)
        return JudgedAnswer("c", "stream", split.name, 1, "", "r", cut=(LENGTH, LENGTH))

    cuts = [(3, LENGTH, LENGTH), (4, LENGTH, LENGTH)]
    assert list(under_cuts(cuts, [], LENGTH, judged)) == []
    assert asked == ["at-3"]


@pytest.mark.parametrize(
    ("cut", "name"),
    [
        ((5, 5), "one-delta"),
        ((5,), "one-delta+end"),
        ((2, 5, 5), "at-2"),
        ((2, 4, 5), "at-2-4+end"),
        ((0, 5), None),
        ((2, 2, 5), None),
        ((5, 5, 5), None),
        ((2, 4), None),
        ((), None),
    ],
)
def test_a_cut_can_be_told_to_the_engine_or_not(cut: tuple[int, ...], name: str | None) -> None:
    split = split_of(cut, 5)
    assert (split.name if split else None) == name


CASE = next(case for case in load_cases() if case.id == "two-tools")
TEXT = CASE.text or ""


@pytest.fixture
def suite_of(tmp_path: Path) -> Iterator[Callable[..., ForcedSuite]]:
    made = []

    def suite(source: str, cuts: BaselineCuts | None = None) -> ForcedSuite:
        store = answer_store_of(ToyServer(source), tmp_path, scripted=True)
        made.append((store, ForcedSuite(store.__enter__(), Judge((), "0.33.0"), "default", cuts)))
        return made[-1][1]

    yield suite
    for store, forced in made:
        forced.close()
        store.__exit__(None, None, None)


def sought(suite: ForcedSuite, case: Case = CASE) -> list[JudgedAnswer]:
    return [answer for answer in suite.confirmed(case, "stream") if answer.sought]


def test_a_suite_shows_a_finding_by_its_smallest_cut(suite_of: Callable[..., ForcedSuite]) -> None:
    """A parser that forgets where it was when a delta ends within the second call."""
    second = TEXT.index("{", TEXT.index("{") + 1)
    wrong = SOURCE.replace(
        "        delta = Delta()\n",
        f"        delta = Delta()\n        self.calls += len(text) == {second + 20}\n",
    )
    assert wrong != SOURCE
    (smallest_one,) = {answer.split: answer for answer in sought(suite_of(wrong))}.values()
    assert smallest_one.split == f"at-{second + 20}"
    assert smallest_one.unexplained


def test_a_right_parser_and_a_whole_answer_have_nothing_sought(suite_of: Callable[..., ForcedSuite]) -> None:
    suite = suite_of(SOURCE)
    assert sought(suite) == []
    right, wrong = MUTANTS["an-index-too-many"]
    suite = suite_of(SOURCE.replace(right, wrong))
    assert [answer for answer in suite.confirmed(CASE, "whole") if answer.sought] == []


def test_a_candidate_answers_under_the_cuts_of_its_baseline(suite_of: Callable[..., ForcedSuite]) -> None:
    cut = (4, 9, len(TEXT), len(TEXT))
    (answer,) = sought(suite_of(SOURCE, {CASE.id: [cut]}))
    assert (answer.cut, answer.split) == (cut, "at-4-9")
