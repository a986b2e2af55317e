"""An entry explains what it names, and nothing beside it."""

from typing import Any

import pytest

from tests.harness.core.records.known_issue import Shows
from tests.harness.judging.ledger.match import Place, covering, explain
from tests.selftest.judging.ledger.entries import PLACE, finding, issue


def test_a_finding_is_explained() -> None:
    assert explain(finding(), [issue()], Place(**PLACE)) == issue()


@pytest.mark.parametrize(
    "change",
    [
        {"version": "0.22.1"},
        {"version": "dev"},
        {"version": "0.1.dev1+g1234"},
        {"parser": "hermes"},
        {"mode": "whole"},
    ],
    ids=str,
)
def test_an_entry_is_about_its_place_only(change: dict[str, Any]) -> None:
    assert explain(finding(), [issue()], Place(**{**PLACE, **change})) is None


@pytest.mark.parametrize(
    "name", ["arguments-json/empty", "arguments-value/glued-twice", "stream-frames/error-frame"]
)
def test_an_entry_hides_no_other_symptom(name: str) -> None:
    assert explain(finding(name), [issue()], Place(**PLACE)) is None


def test_all_tags_of_an_entry_must_be_there() -> None:
    for tags, explained in {
        ("calls=1",): True,
        ("calls=1", "depth=1"): True,
        ("calls=1", "depth=2"): False,
    }.items():
        assert (explain(finding(), [issue(tags=tags)], Place(**PLACE)) is not None) is explained


@pytest.mark.parametrize(
    ("cases", "explained"), [((), True), (("one", "two"), True), (("two",), False)], ids=str
)
def test_an_entry_can_name_its_cases(cases: tuple[str, ...], *, explained: bool) -> None:
    place = Place(**PLACE, case="one")
    assert (explain(finding(), [issue(cases=cases)], place) is not None) is explained
    assert bool(covering([issue(cases=cases, strength="must")], place)) is explained


@pytest.mark.parametrize(
    ("cuts", "explained"),
    [
        ((), True),
        (("one-delta",), True),
        (("one-delta", "ends-with-text"), True),
        (("one-delta", "name-cut"), False),
        (("single-characters",), False),
    ],
)
def test_all_that_an_entry_says_of_the_cut_must_be_true(cuts: tuple[str, ...], *, explained: bool) -> None:
    assert (explain(finding(), [issue(cuts=cuts)], Place(**PLACE)) is not None) is explained


def test_a_cut_that_is_not_known_may_be_any_but_none_that_a_must_is_due_for() -> None:
    entry = issue(strength="must", cuts=("single-characters",))
    place = Place(**{**PLACE, "cut_tags": None})
    assert explain(finding(), [entry], place) == entry
    assert covering([entry], place) == ()
    assert covering([issue(strength="must")], place) == (issue(strength="must"),)
    assert covering([entry], Place(**{**PLACE, "cut_tags": {"single-characters"}})) == (entry,)


def test_an_entry_can_ask_for_what_came() -> None:
    entry = issue(shows=(Shows("stream-frames", ("error-frame",), "list index out of range"),))
    known = finding("stream-frames/error-frame", '{"message": "list index out of range"}')
    assert explain(known, [entry], Place(**PLACE)) == entry
    assert explain(finding("stream-frames/error-frame", "out of memory"), [entry], Place(**PLACE)) is None


def test_the_first_entry_that_fits_explains() -> None:
    issues = [issue(id="old", versions="<0.23"), issue(id="one"), issue(id="two")]
    known = explain(finding(), issues, Place(**PLACE))
    assert known is not None
    assert known.id == "one"


def test_only_a_must_covers() -> None:
    issues = [
        issue(id="may"),
        issue(id="must", strength="must"),
        issue(id="far", strength="must", modes=("whole",)),
    ]
    assert [entry.id for entry in covering(issues, Place(**PLACE))] == ["must"]
    assert covering(issues, Place(**{**PLACE, "version": "dev"})) == ()
