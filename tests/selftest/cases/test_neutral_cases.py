"""The cases of the suite, as they are written and as dialects say them."""

from typing import Any

import pytest

from tests.harness.cases.dialects.registry import dialect_named, known_dialects
from tests.harness.cases.in_dialect import ANY, CALLS, all_in_dialect, in_dialect
from tests.harness.cases.load import CASES, load_cases, read_cases
from tests.harness.core.records.case import Case
from tests.harness.judging.checks.support.leaks import leaked_call, leaked_marker, leaked_piece
from tests.selftest.cases.dialects.lines import LINES

XLAM = dialect_named("xlam")
READ = read_cases()
NEUTRAL = [case for case in READ if case.text is not None and case.dialect == ANY]
WITH_PLACE = [case for case in NEUTRAL if CALLS in (case.text or "")]
IN_WORDS = [case for case in NEUTRAL if case not in WITH_PLACE]


def all_of(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def test_each_way_to_load_them_gives_the_same() -> None:
    said = all_in_dialect(READ, XLAM)
    assert said.cases == load_cases() == load_cases(CASES, "xlam")
    assert tuple(in_dialect(case, XLAM) for case in said.cases) == said.cases


def test_xlam_says_all_but_what_is_another_dialect_s() -> None:
    others = tuple(
        (case.id, f"its text is in {case.dialect}") for case in READ if case.dialect not in (ANY, "xlam")
    )
    assert all_in_dialect(READ, XLAM).not_applicable == others


def test_there_are_enough() -> None:
    assert len(WITH_PLACE) >= 200
    assert len(IN_WORDS) >= 30


@all_of(WITH_PLACE)
def test_a_place_stands_once_for_the_calls_that_the_case_names(case: Case) -> None:
    assert (case.text or "").count(CALLS) == 1
    assert case.calls
    assert case.readings == ()


@all_of(WITH_PLACE)
def test_nothing_of_xlam_stands_around_a_place(case: Case) -> None:
    around = (case.text or "").replace(CALLS, "").strip()
    assert leaked_marker(around, XLAM.syntax, fences=True) is None
    assert leaked_piece(around, XLAM.syntax) is None


@all_of(IN_WORDS)
def test_words_hold_neither_a_call_nor_a_marker_of_xlam(case: Case) -> None:
    """Of JSON, and of fences, users are told too."""
    text = case.text or ""
    assert XLAM.places(text) == ()
    assert leaked_marker(text, XLAM.syntax, fences=False) is None
    assert not leaked_call(text, XLAM.syntax)


@pytest.mark.parametrize("name", known_dialects())
def test_a_dialect_finds_its_calls_where_the_place_was(name: str) -> None:
    dialect = known_dialects()[name]
    said = all_in_dialect(WITH_PLACE, dialect).cases
    assert said
    assert [case.id for case in said if len(dialect.places(case.text or "")) != len(case.calls)] == []


def test_no_place_is_left_in_what_is_asked() -> None:
    said = [*load_cases(), *all_in_dialect(READ, LINES).cases]
    assert [case.id for case in said if CALLS in repr(case)] == []


def test_another_dialect_says_the_neutral_ones_and_what_is_left_to_the_model() -> None:
    said = all_in_dialect(READ, LINES)
    neutral = [case.id for case in READ if case.dialect == ANY]
    assert [case.id for case in said.cases] == neutral
    assert {case.dialect for case in said.cases} == {"lines"}
    assert {id_ for id_, _ in said.not_applicable} == {case.id for case in READ} - set(neutral)
