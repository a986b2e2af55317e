"""Cuts in words: the boundaries in a text, places as ranges, and what each place leads to."""

import pytest

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.report.cuts_shown import harm_by_cut, ranges_of, splits_in_words, strip_of, text_with_cut


@pytest.mark.parametrize(
    ("cut", "shown"),
    [
        ((2, 5, 5), "ab|cde|"),
        ((2, 5), "ab|cde"),
        ((5,), "abcde"),
        ((5, 5), "abcde|"),
        ((1, 1, 3, 5), "a|bc|de"),
        ((0, 2, 5), "ab|cde"),
    ],
)
def test_a_text_shows_where_its_deltas_ended(cut: tuple[int, ...], shown: str) -> None:
    assert text_with_cut("abcde", cut) == shown


def test_a_text_of_several_lines_is_shown_on_one() -> None:
    assert text_with_cut("a\n\tb", (2, 4)) == r"a\n|\tb"


@pytest.mark.parametrize(
    ("splits", "words"),
    [
        (["natural", "char"], "natural, char"),
        (["at-1", "at-2", "at-3", "at-7"], "at 1-3, 7"),
        (["natural", "at-4", "at-2-9"], "natural; at 4; at 1 pair of places, the first 2-9"),
        (["at-2-9", "at-3-4"], "at 2 pairs of places, the first 2-9"),
        (["one-delta"], "one-delta"),
    ],
)
def test_splits_are_told_as_ranges(splits: list[str], words: str) -> None:
    assert splits_in_words(splits) == words


def test_numbers_that_follow_each_other_are_a_range() -> None:
    assert list(ranges_of([5, 1, 2, 3, 9, 8])) == [(1, 3), (5, 5), (8, 9)]
    assert list(ranges_of([])) == []


def answer(split: str, name: str = "") -> JudgedAnswer:
    check, _, symptom = name.partition("/")
    findings = (ExplainedFinding(Finding(check, symptom, "wrong")),) if name else ()
    return JudgedAnswer("c", "stream", split, 1, "", "r", findings)


SWEPT = [answer("one-delta"), answer("at-1"), answer("at-2", "a/b"), answer("at-3", "a/b"), answer("at-1-2")]


def test_each_result_is_told_with_its_places() -> None:
    assert harm_by_cut(SWEPT) == [
        ["right", "one-delta; at 1; at 1 pair of places, the first 1-2"],
        ["a/b", "at 2-3"],
    ]


def test_a_strip_says_of_each_character_what_a_cut_behind_it_leads_to() -> None:
    assert strip_of("wxyz", SWEPT) == [["w", "right"], ["xy", "a/b"], ["z", ""]]
    assert strip_of("wxyz", [answer("char")]) == []
