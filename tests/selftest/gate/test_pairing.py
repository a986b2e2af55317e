"""Answers of two runs are laid side by side by their cuts."""

from dataclasses import replace

from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.outcome import Outcome
from tests.harness.gate.pairing import are_comparable, cuts_by_case, paired
from tests.selftest.gate.runs import explained


def answer(split: str, cut: tuple[int, ...] | None, result: str = "r") -> JudgedAnswer:
    return JudgedAnswer("c", "stream", split, 1, "", result, cut=cut)


def places(before: list[JudgedAnswer], after: list[JudgedAnswer]) -> list[tuple[str, str]]:
    return [(old.split if old else "-", new.split if new else "-") for old, new in paired(before, after)]


def test_the_same_cut_is_the_same_answer_whatever_was_asked_for() -> None:
    before = [answer("natural", (2, 5)), answer("char", (1, 2, 3))]
    after = [answer("every-2", (2, 5)), answer("natural", (1, 2, 3))]
    assert places(before, after) == [("natural", "every-2"), ("char", "natural")]


def test_another_cut_of_the_same_split_is_not_comparable() -> None:
    before, after = [answer("natural", (2, 5))], [answer("natural", (3, 5))]
    assert places(before, after) == [("natural", "natural")]
    assert not are_comparable(before[0], after[0])


def test_what_one_run_does_not_have_at_all_stands_alone() -> None:
    before = [answer("natural", (2, 5)), answer("every-2", (1, 5))]
    after = [answer("natural", (2, 5)), answer("random-1", (4, 5))]
    assert places(before, after) == [("natural", "natural"), ("-", "random-1"), ("every-2", "-")]


def test_where_a_cut_is_not_known_the_split_pairs() -> None:
    before, after = [answer("natural", None)], [answer("natural", (3, 5))]
    assert places(before, after) == [("natural", "natural")]
    assert are_comparable(before[0], after[0])


def test_two_splits_of_one_cut_are_one_answer() -> None:
    before = [answer("every-50", (5, 5)), answer("every-1000", (5, 5))]
    assert places(before, before) == [("every-50", "every-50")]


def test_an_answer_that_came_out_otherwise_stands_beside_the_one_that_it_is_most_like() -> None:
    right, wrong = answer("every-50", (5, 5)), answer("every-1000", (5, 5), "other")
    assert places([right, wrong], [wrong, right]) == [("every-1000", "every-1000"), ("every-50", "every-50")]
    assert places([right], [right, wrong]) == [("every-50", "every-50"), ("every-50", "every-1000")]


def test_what_was_compared_under_another_split_is_no_pair_of_two_cuts() -> None:
    before = [answer("natural", (2, 5))]
    after = [answer("natural", (3, 5)), replace(answer("at-2+end", (2, 5)), sought=True)]
    assert places(before, after) == [("natural", "at-2+end")]
    broken = replace(after[0], findings=(explained("content/leak"),))
    assert places(before, [broken, after[1]]) == [("natural", "at-2+end"), ("natural", "natural")]


def test_the_cuts_of_a_run_are_those_that_its_engine_chose_or_sought() -> None:
    answers = (
        answer("natural", (2, 5)),
        answer("char", None),
        answer("at-3", (3, 5, 5)),
        replace(answer("at-4", (4, 5, 5)), sought=True),
        answer("natural", ()),
    )
    outcome = Outcome("t.py::test_x[c-stream]", "", "c", "stream", "passed", answers)
    assert cuts_by_case([outcome]) == {"c": {(2, 5), (4, 5, 5)}}
