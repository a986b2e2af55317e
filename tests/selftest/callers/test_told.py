"""Each symptom of a result is seen, alone."""

import pytest

from tests.harness.callers.rules import CLIENT_VIEW
from tests.harness.callers.told import Told, judge_mentions, judge_result, judge_view
from tests.selftest.callers.answers import ARGUMENTS, CASE, MENTIONED, NAME

RIGHT = Told(((NAME, ARGUMENTS),), ended_for_calls=True)
TWICE = Told(((NAME, ARGUMENTS * 2),), ended_for_calls=True)
SEEN = [
    (RIGHT, RIGHT, set()),
    (Told((), error="KeyError: 'x'"), RIGHT, {"raises"}),
    (Told(((NAME, "{}"),), ended_for_calls=True), RIGHT, {"differs"}),
    (Told(((NAME, ARGUMENTS),)), RIGHT, {"differs"}),
    (RIGHT, TWICE, {"unreadable-arguments"}),
    (Told((), error="JSONDecodeError"), TWICE, {"unreadable-arguments"}),
    (Told(((NAME, "[]"),), "", True), Told(((NAME, "[]"),), "", True), {"unreadable-arguments"}),
    (Told((), "no"), Told((), "no"), {"other-calls"}),
    (Told(((NAME, ARGUMENTS),)), Told(((NAME, ARGUMENTS),)), {"other-ending"}),
]


@pytest.mark.parametrize(("view", "raw", "symptoms"), SEEN)
def test_a_result_shows_what_is_wrong_with_it_and_no_more(view: Told, raw: Told, symptoms: set[str]) -> None:
    found = [*judge_view(view, raw), *judge_result(raw, CASE)]
    assert {finding.symptom for finding in found} == symptoms


def test_an_answer_has_to_mention_what_the_tools_said() -> None:
    assert not list(judge_mentions(Told((), MENTIONED.upper()), CASE))
    (finding,) = judge_mentions(Told((), "Done."), CASE)
    assert finding.symptom == "no-mention"


def test_every_symptom_is_seen_here_or_in_the_jobs() -> None:
    here = {symptom for _, _, symptoms in SEEN for symptom in symptoms}
    assert here | {"no-mention", "refused", "malformed"} == set(CLIENT_VIEW.symptoms)
