"""Where several answers are right, one is held against the one that it comes closest to, and against its other mode."""

from dataclasses import replace

import pytest

from tests.harness.core.records.case import Case, ExpectedCall, Reading
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.check_selection import judge_what_can_be
from tests.harness.judging.checks.answer import provenance
from tests.harness.judging.registry import answer_checks, judge_by
from tests.selftest.faulty_servers.correct import Answer, Call
from tests.selftest.judging.checks.offline import answered, call, case_with

EXPECTED = ExpectedCall("first", {"a": 1})
CALLED = Answer((call("first", {"a": 1}),))
TEXT = '{"name": "first", "arguments": {"a": 1}}'
THOUGHTS = "<think>Hm.</think>"


def several(*readings: Reading, text: str = TEXT) -> Case:
    """A forced text that may be read in several ways."""
    common = readings[0].calls if all(one.calls == readings[0].calls for one in readings) else ()
    made_up = replace(case_with(EXPECTED), calls=common, text=text, readings=readings)
    return replace(made_up, ambiguous="made up for a self-test")


CALL_OR_TEXT = several(Reading((EXPECTED,)), Reading((), TEXT))
TEXT_OR_NOTHING = several(Reading((), TEXT), Reading(()))
THOUGHTS_OR_NONE = several(Reading((EXPECTED,), THOUGHTS), Reading((EXPECTED,)), text=f"{THOUGHTS}[{TEXT}]")
WITH_NEITHER = several(Reading((EXPECTED,), "Done."), Reading((), f"{TEXT} Done."), text=f"{TEXT} Done.")
HALF = several(Reading((ExpectedCall("first", {}, '{"a": '),)), Reading((), "[{"), text="[{")


def of_both(case: Case, answer: Answer, whole: Answer | None = None) -> CheckContext:
    return replace(answered(case, answer), partner=answered(case, whole or answer, "whole").reply)


def names(context: CheckContext) -> set[str]:
    """All but that something was not written: several readings here say more than their text does."""
    findings = judge_what_can_be(context)
    return {finding.name for finding in findings if finding.check != provenance.CHECK.id}


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        (CALL_OR_TEXT, CALLED),
        (CALL_OR_TEXT, Answer(content=TEXT)),
        (TEXT_OR_NOTHING, Answer(content=TEXT)),
        (TEXT_OR_NOTHING, Answer()),
        (THOUGHTS_OR_NONE, replace(CALLED, content=THOUGHTS)),
        (THOUGHTS_OR_NONE, CALLED),
        (WITH_NEITHER, replace(CALLED, content="Done.")),
        (WITH_NEITHER, Answer(content=f"{TEXT} Done.")),
        (HALF, Answer((Call("first", '{"a": '),))),
        (HALF, Answer(content="[{")),
    ],
)
def test_each_reading_is_right(case: Case, answer: Answer) -> None:
    assert names(of_both(case, answer)) == set()
    assert names(answered(case, answer, "whole")) == set()


@pytest.mark.parametrize(
    ("case", "answer", "found"),
    [
        (CALL_OR_TEXT, Answer((call("first", {"a": 2}),)), {"arguments-value/other-value"}),
        (CALL_OR_TEXT, CALLED.with_arguments(0, '{"a": 1}{"a": 1}'), {"arguments-json/glued-twice"}),
        (CALL_OR_TEXT, replace(CALLED, content="name"), {"content/unexpected-text"}),
        (CALL_OR_TEXT, Answer(content=TEXT[1:]), {"content/part-lost"}),
        (CALL_OR_TEXT, Answer(), {"content/lost"}),
        (CALL_OR_TEXT, Answer((CALLED.calls[0], CALLED.calls[0])), {"expected-calls/extra-call"}),
        (TEXT_OR_NOTHING, CALLED, {"expected-calls/calls-instead-of-text"}),
        (TEXT_OR_NOTHING, Answer(content="Done."), {"content/other-text"}),
        (THOUGHTS_OR_NONE, Answer(content=THOUGHTS), {"expected-calls/calls-as-text"}),
        (THOUGHTS_OR_NONE, Answer(), {"expected-calls/no-answer"}),
        (THOUGHTS_OR_NONE, replace(CALLED, content="Hm."), {"content/other-text"}),
        (WITH_NEITHER, CALLED, {"content/lost"}),
        (WITH_NEITHER, Answer(content="Done."), {"content/part-lost"}),
        (HALF, Answer((Call("first", ""),)), {"arguments-json/empty"}),
        (HALF, Answer((Call("first", '{"a": 1}'),)), {"arguments-value/other-value"}),
    ],
)
def test_what_is_right_by_no_reading_is_found_in_either_mode(
    case: Case, answer: Answer, found: set[str]
) -> None:
    assert names(of_both(case, answer)) == found, (
        "both modes are wrong alike, and no other check would notice"
    )
    assert names(answered(case, answer, "whole")) == found


def test_two_readings_in_two_modes_are_a_difference() -> None:
    assert names(of_both(CALL_OR_TEXT, CALLED, Answer(content=TEXT))) == {
        "parity/calls-differ",
        "parity/content-differs",
    }
    with_thoughts = replace(CALLED, content=THOUGHTS)
    assert names(of_both(THOUGHTS_OR_NONE, CALLED, with_thoughts)) == {"parity/content-differs"}


def test_a_right_stream_is_not_blamed_for_a_wrong_whole_answer() -> None:
    assert names(of_both(CALL_OR_TEXT, CALLED, Answer())) == set()


def test_a_call_of_a_tool_that_nobody_offers_may_be_passed_on() -> None:
    unknown = ExpectedCall("third", {"a": 1})
    case = replace(several(Reading((unknown,)), Reading((), TEXT)), tools=case_with(EXPECTED).tools)
    assert names(answered(case, Answer((call("third", {"a": 1}),)))) == set()
    assert names(answered(case, Answer((call("fourth", {"a": 1}),)))) == {"offered-name/invented-call"}


def test_the_closest_reading_is_the_one_with_its_calls() -> None:
    """Of three calls two may be dropped; one that comes damaged is none that came instead of text."""
    other = ExpectedCall("second", {})
    case = several(Reading((EXPECTED, other, EXPECTED)), Reading((EXPECTED, EXPECTED)), Reading((), TEXT))
    both = Answer((CALLED.calls[0], call("second", {})))
    assert names(answered(case, both)) == {"expected-calls/missing-call"}


def test_the_form_is_judged_all_the_same() -> None:
    nameless = Answer((call("", {"a": 1}),))
    assert "call-identity/no-name" in names(answered(CALL_OR_TEXT, nameless, "whole"))
    assert judge_by(answer_checks(), answered(CALL_OR_TEXT, nameless, "whole"))


def test_a_cut_answer_is_no_matter_of_what_it_should_have_said() -> None:
    cut = replace(case_with(EXPECTED), text='[{"name": "first"', cut=5)
    answer = answered(cut, Answer(content='[{"name"', cut=True))
    assert names(answer) == set()


AT_MESSAGES = "/v1/messages"
CUT = replace(several(Reading((EXPECTED,)), text=f"[{TEXT}]"), readings=(), cut=9)


@pytest.mark.parametrize("known", answer_checks(), ids=lambda known: known.id)
def test_at_another_address_the_meaning_is_judged_and_what_any_address_tells(
    known: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Check, "findings", lambda check, _: asked.append(check.id) or ())
    judge_what_can_be(replace(answered(case_with(EXPECTED), CALLED), address=AT_MESSAGES))
    assert (known.id in asked) == (known.semantic or known.at_any_address)


def test_arguments_that_have_not_begun_are_an_empty_object_where_they_are_objects() -> None:
    begun = Answer((Call("first", "{}"),), cut=True)
    assert names(answered(CUT, begun, "whole")) == {"cut-off/other-arguments"}
    assert names(replace(answered(CUT, begun, "whole"), address=AT_MESSAGES)) == set()
    other = Answer((Call("first", '{"b": 1}'),), cut=True)
    assert names(replace(answered(CUT, other, "whole"), address=AT_MESSAGES)) == {"cut-off/other-arguments"}
