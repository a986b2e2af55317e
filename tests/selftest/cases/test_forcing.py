"""Forced bodies and splits: what is sent, to which version, and what does not apply."""

import pytest

from tests.harness.cases.forcing import BY_SCRIPT, by_grammar
from tests.harness.cases.forcing_by_grammar import echo_mode, grammar_of
from tests.harness.cases.load import load_cases
from tests.harness.cases.profiles import load_profile
from tests.harness.cases.splits import LONG, plan_splits, takes_interval, whole_split
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.split import CHAR, NATURAL, every, random

CASES = {case.id: case for case in load_cases()}
CASE = CASES["one-call"]
FIXTURE = load_profile("fixture")
EVERYTHING = {
    "natural",
    "char",
    "every-2",
    "every-3",
    "every-5",
    "every-8",
    "every-13",
    "every-50",
    "every-1000",
}


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ('say "hi"', r"say \"hi\""),
        ("a\\b", r"a\\b"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("東京", "東京"),
    ],
)
def test_the_grammar_has_one_sentence(text: str, literal: str) -> None:
    assert grammar_of(text) == f'root ::= "{literal}"'


@pytest.mark.parametrize(
    ("version", "new"), [("0.10.2", False), ("0.11.0", True), ("0.32.0rc1", True), ("dev", True)]
)
def test_the_form_is_chosen_by_version(version: str, new: bool) -> None:
    body = by_grammar(version).forced_body(CASE, NATURAL, "stream", "m", ())
    assert ("structured_outputs" in body) is new
    assert ("guided_grammar" in body) is not new


def test_the_echo_is_the_same_without_tools() -> None:
    forced = by_grammar("0.32.0").forced_body(CASE, CHAR, "stream", "m", (7, 9))
    echo = by_grammar("0.32.0").echo_body(CASE, CHAR, "stream", "m", (7, 9))
    beside = {"tools", "tool_choice"}
    assert {key: value for key, value in forced.items() if key not in beside} == echo
    assert forced["tool_choice"] == "auto"
    assert forced["logit_bias"] == {"7": 100, "9": 100}


def test_a_script_is_echoed_once_whatever_the_cut() -> None:
    splits = NATURAL, CHAR, every(3), random(1)
    limited = next(case for case in CASES.values() if case.cut is not None)
    assert {BY_SCRIPT.echo_split(CASE, split) for split in splits} == {NATURAL}
    assert {BY_SCRIPT.echo_split(limited, split) for split in splits} == {CHAR}
    assert tuple(by_grammar("0.33.0").echo_split(CASE, split) for split in splits) == splits


def test_splits_set_what_they_are_named_for() -> None:
    bodies = {
        split.name: by_grammar("0.32.0").echo_body(CASE, split, "stream", "m", (7,))
        for split in (NATURAL, CHAR, every(5), random(3))
    }
    assert "logit_bias" not in bodies["natural"]
    assert "stream_interval" not in bodies["char"]
    assert (bodies["every-5"]["stream_interval"], bodies["every-5"]["logit_bias"]) == (5, {"7": 100})
    assert (bodies["random-3"]["temperature"], bodies["random-3"]["seed"]) == (1, 3)


def test_the_finest_split_has_room() -> None:
    for case in CASES.values():
        if case.text is not None and case.cut is None:
            assert by_grammar("0.32.0").echo_body(case, CHAR, "stream", "m", ())["max_tokens"] > len(
                case.text.encode()
            )


def test_all_splits_apply_to_a_new_release() -> None:
    plan = plan_splits(CASE, FIXTURE, "0.32.0")
    assert {split.name for split in plan.splits} == EVERYTHING | {"random-1", "random-2"}
    assert plan.not_applicable == ()


def test_what_a_release_does_not_take_is_said_and_not_lost() -> None:
    plan = plan_splits(CASE, FIXTURE, "0.24.0")
    assert {split.name for split in plan.splits} == {"natural", "char", "random-1", "random-2"}
    assert len(plan.not_applicable) == 7
    assert plan.not_applicable[0] == (
        "every-2",
        "vLLM 0.24.0 takes no stream_interval in a request (from 0.27.1 on)",
    )


def test_a_profile_offers_only_what_it_names() -> None:
    profile = Profile(id="p", model="m", parser="xlam", why="a test", splits=("natural",))
    plan = plan_splits(CASE, profile, "0.32.0")
    assert [split.name for split in plan.splits] == ["natural"]
    assert all("does not offer the split" in reason for _, reason in plan.not_applicable)


def test_long_texts_go_under_fewer_splits() -> None:
    long = CASES["long-argument"]
    assert len(long.text or "") > LONG
    assert [split.name for split in plan_splits(long, FIXTURE, "0.32.0").splits] == ["natural", "every-50"]


def test_very_long_texts_are_cut_coarsely() -> None:
    plan = plan_splits(CASES["argument-of-32k"], FIXTURE, "0.32.0", "full")
    assert [split.name for split in plan.splits] == ["natural", "every-1000"]


def test_more_seeds_at_full_depth() -> None:
    assert len(plan_splits(CASE, FIXTURE, "0.32.0", "full").splits) > len(
        plan_splits(CASE, FIXTURE, "0.32.0").splits
    )


@pytest.mark.parametrize(
    ("version", "takes"), [("0.27.0", False), ("0.27.1", True), ("0.33.0rc1", True), ("0.1.dev1+gabc", False)]
)
def test_who_takes_an_interval(version: str, takes: bool) -> None:
    assert takes_interval(version) is takes


@pytest.mark.parametrize(("version", "mode"), [("0.20.2", "whole"), ("0.24.0", "stream"), ("dev", "stream")])
def test_an_old_release_echoes_whole(version: str, mode: str) -> None:
    assert echo_mode(version) == mode


def test_a_server_s_own_interval_is_the_only_split() -> None:
    plan = plan_splits(CASE, load_profile("fixture-interval-8"), "0.24.0")
    assert [(split.name, split.by_character, split.interval) for split in plan.splits] == [
        ("every-8", True, None)
    ]
    assert plan.not_applicable == ()


CUT = CASES["two-calls-cut-off-cut-3"]


def test_a_cut_answer_has_as_many_tokens_as_characters() -> None:
    plan = plan_splits(CUT, FIXTURE, "0.32.0")
    assert all(split.by_character for split in plan.splits)
    assert whole_split(CUT, FIXTURE).splits == (CHAR,)
    assert by_grammar("0.32.0").forced_body(CUT, CHAR, "whole", "m", (7,))["max_tokens"] == len(
        CUT.emitted_text
    )
    assert len(CUT.emitted_text) == len(CUT.text or "") * 3 // 10


def test_without_characters_nothing_is_cut() -> None:
    plan = whole_split(CUT, load_profile("fixture-ngram"))
    assert plan.splits == ()
    assert plan.not_applicable == (("char", "the profile fixture-ngram does not offer the split char"),)


def test_what_is_not_cut_is_sent_whole_as_the_model_would() -> None:
    assert whole_split(CASE, FIXTURE).splits == (NATURAL,)
