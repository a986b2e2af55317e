"""What findings say beyond their names: which call, which event, and when a rule keeps silent."""

from dataclasses import replace

import pytest

from tests.harness.core.records.case import MODES, ExpectedCall, FollowUp, Mode
from tests.harness.core.records.finding import Finding
from tests.harness.judging.registry import answer_checks, judge_by
from tests.selftest.faulty_servers.correct import (
    Answer,
    Call,
    Wire,
    chunks_of,
    introduction,
    stream_wire,
    whole_of,
    whole_wire,
)
from tests.selftest.judging.checks.offline import answered, call, case_with, subject_for

ONE = case_with(ExpectedCall("first", {"x": 1}))
TWO = case_with(ExpectedCall("first", {"x": 1}), ExpectedCall("second", {"y": 2}))
RIGHT = Answer((call("first", {"x": 1}), call("second", {"y": 2})))


def names(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.name for finding in findings]


def test_evidence_is_the_event_that_shows_it() -> None:
    chunks = chunks_of(RIGHT, with_usage=True)
    chunks[-2]["choices"][0]["delta"] = {"tool_calls": [{"index": 1, "function": {"arguments": '{"y": 2}'}}]}
    (finding,) = judge_by(answer_checks(), subject_for(TWO, stream_wire(chunks), "stream"))
    assert (finding.name, finding.call, finding.event) == ("arguments-json/glued-twice", 1, len(chunks) - 1)
    assert finding.got == '{"y": 2}{"y": 2}'


def test_two_defects_are_two_findings() -> None:
    answer = Answer((Call("first", "{"), Call("second", '{{"y": 2}')), content="```")
    assert names(judge_by(answer_checks(), answered(TWO, answer))) == [
        "arguments-json/lone-brace",
        "arguments-json/leading-brace",
        "content/marker-leak",
    ]


def test_each_wrong_value_is_a_finding() -> None:
    case = case_with(ExpectedCall("first", {"a": 1, "b": {"c": "x"}}))
    findings = judge_by(answer_checks(), answered(case, Answer((call("first", {"a": 2, "b": {"c": "y"}}),))))
    assert [(finding.expected, finding.got) for finding in findings] == [("1", "2"), ('"x"', '"y"')]


@pytest.mark.parametrize("mode", MODES)
def test_equally_right_words_are_right(mode: Mode) -> None:
    case = case_with(ExpectedCall("first", {"city": "Tokyo"}))
    answer = Answer((call("first", {"city": "Tokyo, Japan"}),))
    assert judge_by(answer_checks(), answered(case, answer, mode, wording={"Tokyo": "Tokyo(, Japan)?"})) == ()
    assert names(judge_by(answer_checks(), answered(case, answer, mode))) == ["arguments-value/other-value"]


@pytest.mark.parametrize(
    ("raw", "symptoms"),
    [
        ('{"x": "東"}', []),
        ('{"x": "\\u6771"}', ["arguments-value/escaped"]),
        ('{"x": "\\\\u6771"}', ["arguments-value/other-value"]),
        ('{"\\u0078": "東"}', []),
    ],
)
def test_escapes_are_only_those_of_json(raw: str, symptoms: list[str]) -> None:
    case = case_with(ExpectedCall("first", {"x": "東"}))
    assert names(judge_by(answer_checks(), answered(case, Answer((Call("first", raw),))))) == symptoms


def test_an_escaped_backslash_before_a_u_is_no_escape() -> None:
    case = case_with(ExpectedCall("first", {"x": "\\u6771"}))
    assert judge_by(answer_checks(), answered(case, Answer((call("first", {"x": "\\u6771"}),)))) == ()


def test_escapes_that_json_needs_are_right() -> None:
    case = case_with(ExpectedCall("first", {"x": "\u0000\u007f\u200b"}))
    assert (
        judge_by(answer_checks(), answered(case, Answer((Call("first", '{"x": "\\u0000\\u007f\\u200b"}'),))))
        == ()
    )


@pytest.mark.parametrize("mode", MODES)
def test_text_that_was_asked_for_may_hold_markers(mode: Mode) -> None:
    text = 'Like this:\n```json\n{"name": "f", "arguments": {}}\n```\n<tool_call>'
    assert (
        judge_by(answer_checks(), answered(case_with(content=text), Answer(content=text), mode, stable=True))
        == ()
    )


@pytest.mark.parametrize("text", ["```\nprint(1)\n```", '{"name": "Ada"}', "[1, 2]"])
def test_prose_of_a_free_model_may_hold_code(text: str) -> None:
    assert judge_by(answer_checks(), answered(case_with(), Answer(content=text))) == ()


@pytest.mark.parametrize("text", ["<tool_call>", '[{"name": "f", "arguments": {}}]'])
def test_prose_of_a_free_model_holds_no_call(text: str) -> None:
    assert [
        finding.check for finding in judge_by(answer_checks(), answered(case_with(), Answer(content=text)))
    ] == ["content"]


def test_text_beside_calls_is_right_where_the_case_has_it() -> None:
    case = replace(ONE, content="On it.")
    calls = (call("first", {"x": 1}),)
    assert judge_by(answer_checks(), answered(case, Answer(calls, "On it."), stable=True)) == ()
    assert judge_by(answer_checks(), answered(case, Answer(calls, "Sure."))) == ()
    assert names(judge_by(answer_checks(), answered(case, Answer(calls, "Sure."), stable=True))) == [
        "content/other-text"
    ]
    assert names(judge_by(answer_checks(), answered(case, Answer(calls)))) == ["content/lost"]


@pytest.mark.parametrize(
    ("got", "symptom"),
    [("The end", "part-lost"), ("end.", "part-lost"), ("The .", "part-lost"), ("The end..", "other-text")],
)
def test_lost_pieces_of_text_are_told_from_other_text(got: str, symptom: str) -> None:
    case = case_with(content="The end.")
    assert names(judge_by(answer_checks(), answered(case, Answer(content=got), stable=True))) == [
        f"content/{symptom}"
    ]


def test_a_whole_answer_at_fault_does_not_blame_the_stream() -> None:
    context = answered(ONE, Answer((call("first", {"x": 1}),)))
    wrong = answered(ONE, Answer((call("first", {"x": 2}),)), "whole").reply
    assert judge_by(answer_checks(), replace(context, partner=wrong)) == ()


def test_a_leak_in_the_stream_alone_is_one_finding() -> None:
    calls = (call("first", {"x": 1}),)
    partner = answered(ONE, Answer(calls), "whole").reply
    context = replace(answered(ONE, Answer(calls, "<tool_call>")), partner=partner)
    assert names(judge_by(answer_checks(), context)) == ["content/marker-leak"]


def test_ids_may_be_repeated_within_a_call() -> None:
    chunks = chunks_of(Answer((call("first", {"x": 1}),)), with_usage=True)
    for chunk in chunks[2:-2]:
        chunk["choices"][0]["delta"]["tool_calls"][0] |= {"id": "call_0", "type": "function"}
    assert judge_by(answer_checks(), subject_for(ONE, stream_wire(chunks), "stream")) == ()


def test_a_call_in_one_delta_is_right() -> None:
    whole_call = introduction(0, "first")
    whole_call["function"]["arguments"] = '{"x": 1}'
    chunks = chunks_of(Answer((call("first", {"x": 1}),)), with_usage=True)
    chunks[1]["choices"][0]["delta"]["tool_calls"] = [whole_call]
    assert judge_by(answer_checks(), subject_for(ONE, stream_wire(chunks[:2] + chunks[-2:]), "stream")) == ()


def test_fields_that_the_api_does_not_know_are_right() -> None:
    chunks = chunks_of(Answer((call("first", {"x": 1}),)), with_usage=True)
    for chunk in chunks:
        chunk |= {
            "prompt_token_ids": None,
            "service_tier": "default",
            "system_fingerprint": "x",
            "metrics": None,
        }
        for choice in chunk["choices"]:
            choice |= {"token_ids": None, "stop_reason": None}
            choice["delta"] |= {"reasoning": None, "reasoning_content": None, "refusal": None}
    assert judge_by(answer_checks(), subject_for(ONE, stream_wire(chunks), "stream")) == ()


def test_running_counts_are_right_where_they_were_asked_for() -> None:
    chunks = chunks_of(Answer((call("first", {"x": 1}),)), with_usage=True)
    for chunk in chunks:
        chunk["usage"] = chunks[-1]["usage"]
    context = subject_for(ONE, stream_wire(chunks), "stream")
    assert names(judge_by(answer_checks(), context)) == ["usage/not-last"]
    options = {"include_usage": True, "continuous_usage_stats": True}
    assert (
        judge_by(answer_checks(), replace(context, request={**context.request, "stream_options": options}))
        == ()
    )


def test_one_fault_of_many_chunks_is_one_finding() -> None:
    chunks = chunks_of(RIGHT, with_usage=True)
    for chunk in chunks[1:]:
        del chunk["model"]
    (finding,) = judge_by(answer_checks(), subject_for(TWO, stream_wire(chunks), "stream"))
    assert (finding.name, finding.event) == ("chunk-fields/missing-field", 2)
    assert finding.message == f"The field model is missing in {len(chunks) - 1} chunks."


def test_a_body_that_is_not_there_is_no_stream() -> None:
    context = subject_for(ONE, Wire(200, "application/json", ()), "stream")
    assert names(judge_by(answer_checks(), context)) == ["stream-frames/not-a-stream"]


def test_the_text_after_the_tools_is_not_that_of_the_case() -> None:
    case = replace(ONE, content="On it.", follow_up=FollowUp(("OSLO", "22")))
    context = answered(case, Answer(content="It is 22 degrees in Oslo."), stable=True)
    assert judge_by(answer_checks(), replace(context, turn=2)) == ()
    assert names(judge_by(answer_checks(), replace(answered(case, Answer(content="22")), turn=2))) == [
        "mentions/missing-fact"
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("came", "symptoms"),
    [("[[[1]]]", []), ("[[1]]", ["arguments-value/other-value"]), (None, ["arguments-value/other-value"])],
)
def test_arguments_that_are_right_in_one_text_alone(
    came: str | None, symptoms: list[str], mode: Mode
) -> None:
    case = case_with(ExpectedCall("first", {}, '{"x": [[[1]]]}'))
    answer = Answer((Call("first", f'{{"x": {came}}}' if came else "{}"),))
    assert names(judge_by(answer_checks(), answered(case, answer, mode)))[:1] == symptoms


@pytest.mark.parametrize("index", [0, [1], None])
def test_numbers_that_calls_of_a_whole_answer_need_not_have_say_nothing(index: object) -> None:
    body = whole_of(RIGHT)
    for entry in body["choices"][0]["message"]["tool_calls"]:
        entry["index"] = index
    assert judge_by(answer_checks(), subject_for(TWO, whole_wire(body), "whole")) == ()
