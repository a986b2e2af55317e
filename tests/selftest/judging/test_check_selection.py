"""Where nobody can say what is right, an answer is held against its form and its other mode alone."""

from dataclasses import replace

from tests.harness.core.records.case import ExpectedCall
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.check_selection import judge_what_can_be
from tests.harness.judging.registry import answer_checks, judge_by
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, call, case_with

CASE = replace(case_with(ExpectedCall("first", {"a": 1})), ambiguous="made up for a self-test")


def streamed(answer: Answer, whole: Answer) -> CheckContext:
    return replace(answered(CASE, answer), partner=answered(CASE, whole, "whole").reply)


def names(context: CheckContext) -> set[str]:
    return {finding.name for finding in judge_what_can_be(context)}


def test_what_agrees_is_right_whatever_it_says() -> None:
    answer = Answer(content="[1]")
    assert judge_by(answer_checks(), streamed(answer, answer))
    assert names(streamed(answer, answer)) == set()


def test_a_call_in_one_mode_and_text_in_the_other_is_a_difference() -> None:
    one, other = Answer((call("first", {"a": 1}),)), Answer(content="first")
    assert names(streamed(one, other)) == {"parity/calls-differ", "parity/content-differs"}


def test_damaged_arguments_are_a_difference_and_no_more() -> None:
    whole = Answer((call("first", {"a": 1}),))
    assert names(streamed(whole.with_arguments(0, '{"a": 1}{"a": 1}'), whole)) == {"parity/calls-differ"}


def test_the_form_is_judged_all_the_same() -> None:
    nameless = Answer((call("", {"a": 1}),))
    assert names(answered(CASE, nameless, "whole")) == {"call-identity/no-name"}


def test_a_cut_answer_is_no_matter_of_what_it_should_have_said() -> None:
    cut = replace(CASE, ambiguous=None, text='[{"name": "first"', cut=5)
    answer = answered(cut, Answer(content='[{"name"', cut=True))
    assert names(answer) == set()
