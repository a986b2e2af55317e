"""Each symptom of a result is seen, alone."""

from dataclasses import replace

import pytest

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.run_calls import run_calls
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.checks.clients.client_view import (
    CHECK,
    judge_mentions,
    judge_modes,
    judge_result,
    judge_runs,
    judge_view,
)
from tests.selftest.suites.clients.answers import ARGUMENTS, CASE, MENTIONED, NAME

FREE = Profile("p", "m", "xlam", "a real model", syntax=dialect_named("xlam").syntax)
STABLE = replace(FREE, stable=True)
RIGHT = ClientResult(((NAME, ARGUMENTS),), ending="tool_calls")
TWICE = ClientResult(((NAME, ARGUMENTS * 2),), ending="tool_calls")
SEEN = [
    (RIGHT, RIGHT, set()),
    (ClientResult((), error="KeyError: 'x'"), RIGHT, {"raises"}),
    (ClientResult(((NAME, "{}"),), ending="tool_calls"), RIGHT, {"differs"}),
    (ClientResult(((NAME, ARGUMENTS),)), RIGHT, {"differs"}),
    (RIGHT, TWICE, {"unreadable-arguments"}),
    (ClientResult((), error="JSONDecodeError"), TWICE, {"unreadable-arguments"}),
    (
        ClientResult(((NAME, "[]"),), "", "tool_calls"),
        ClientResult(((NAME, "[]"),), "", "tool_calls"),
        {"unreadable-arguments"},
    ),
    (ClientResult((), "no"), ClientResult((), "no"), {"other-calls"}),
    (replace(RIGHT, text="[{"), replace(RIGHT, text="[{"), {"other-text"}),
    (ClientResult(((NAME, ARGUMENTS),)), ClientResult(((NAME, ARGUMENTS),)), {"other-ending"}),
]


@pytest.mark.parametrize(("view", "raw", "symptoms"), SEEN)
def test_a_result_shows_what_is_wrong_with_it_and_no_more(
    view: ClientResult, raw: ClientResult, symptoms: set[str]
) -> None:
    found = [*judge_view(view, raw), *judge_result(raw, CASE, STABLE)]
    assert {finding.symptom for finding in found} == symptoms


def words(text: str, profile: Profile) -> set[str]:
    case = replace(CASE, calls=(), content="A joke.")
    return {finding.symptom for finding in judge_result(ClientResult((), text), case, profile)}


def test_a_text_is_the_one_that_the_model_always_says() -> None:
    assert words("A joke.", STABLE) == set()
    assert words("joke.", STABLE) == {"other-text"}


def test_a_real_model_words_its_text_its_own_way_but_says_one() -> None:
    assert words("Another joke.", FREE) == set()
    assert words(" ", FREE) == {"other-text"}
    beside = replace(RIGHT, text="Sure!")
    assert {finding.symptom for finding in judge_result(beside, CASE, FREE)} == {"other-text"}


def test_an_equally_right_wording_is_right() -> None:
    other = ClientResult(
        ((NAME, ARGUMENTS.replace("San Francisco", "San Francisco, CA")),), ending="tool_calls"
    )
    assert [finding.symptom for finding in judge_result(other, CASE, FREE)] == ["other-calls"]
    loose = replace(FREE, wording={"San Francisco": "San Francisco(, CA)?"})
    assert list(judge_result(other, CASE, loose)) == []


def test_an_answer_has_to_mention_what_the_tools_said() -> None:
    assert not list(judge_mentions(ClientResult((), MENTIONED.upper()), CASE))
    (finding,) = judge_mentions(ClientResult((), "Done."), CASE)
    assert finding.symptom == "no-mention"


def test_a_call_that_cannot_be_run_is_told_with_the_reason() -> None:
    runs = run_calls([ToolCall(0, "c", "function", "no_such_tool", "{}")])
    (finding,) = judge_runs(runs)
    assert finding.symptom == "cannot-be-run"
    assert "no_such_tool" in finding.got


def test_streamed_and_whole_say_the_same() -> None:
    assert not list(judge_modes(ClientResult((), "a"), ClientResult((), "a")))
    (finding,) = judge_modes(ClientResult((), "b"), ClientResult((), "a b"))
    assert (finding.symptom, finding.expected) == ("modes-differ", "calls: none; text: 'a b'")


def test_every_symptom_is_seen_here_or_in_the_jobs() -> None:
    here = {symptom for _, _, symptoms in SEEN for symptom in symptoms}
    elsewhere = {"other-than-chat", "no-mention", "cannot-be-run", "modes-differ", "refused", "malformed"}
    assert here | elsewhere == set(CHECK.symptoms)
