"""What several rules share: broken JSON, equal values, pairs of calls, leaks."""

import pytest

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.checks.support.answers import short
from tests.harness.judging.checks.support.json_text import json_symptom
from tests.harness.judging.checks.support.leaks import leaked_call, leaked_marker, leaked_piece
from tests.harness.judging.checks.support.pairing import pair_calls
from tests.harness.judging.checks.support.values import differences, is_right
from tests.selftest.cases.dialects.lines import LINES

XLAM = dialect_named("xlam").syntax


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("{}", None),
        (' {"a": [1, {"b": null}]}\n', None),
        ("", "empty"),
        (" \n", "empty"),
        ('{"a": 1}\u00a0', "trailing-text"),
        ('{"a": 1}\u2028', "trailing-text"),
        ('\u3000{"a": 1}', "not-json"),
        ("\x0b", "not-json"),
        ("{", "lone-brace"),
        ('{"a": 1}{"a": 1}', "glued-twice"),
        ('{"a":1}\n{"a": 1}', "glued-twice"),
        ("{}{}", "glued-twice"),
        ('{"a": 1}{"a": 1}{"a": 1}', "glued-twice"),
        ('{"a": 1}{"a": 2}', "glued-other"),
        ('{"a": 1}{"a": 1}{"b": 1}', "glued-other"),
        ('{{"a": 1}', "leading-brace"),
        ('{ {"a": 1}', "leading-brace"),
        ("{{}", "leading-brace"),
        ('{{"a": 1}}', "not-json"),
        ('{"a": 1', "cut-short"),
        ('{"a": "b', "cut-short"),
        ('{"a": "b}', "cut-short"),
        ('{"a": "\\"}', "cut-short"),
        ('{"a": [1, 2', "cut-short"),
        ('{"q": "a }', "cut-short"),
        ('{"a": 1}}', "trailing-text"),
        ('{"a": 1} Done.', "trailing-text"),
        ('{"a": 1}{', "trailing-text"),
        ('"{}"', "not-an-object"),
        ("[]", "not-an-object"),
        ("null", "not-an-object"),
        ("17", "not-an-object"),
        ("{'a': 1}", "not-json"),
        ('{"a": NaN}', "not-json"),
        ('{"a": True}', "not-json"),
        ("hello", "not-json"),
        ("}", "not-json"),
        ('{"a":' * 100_000, "cut-short"),
    ],
)
def test_broken_arguments_are_told_apart(text: str, symptom: str | None) -> None:
    assert json_symptom(text) == symptom


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        (1, 1, True),
        (1, 1.0, True),
        (1, "1", False),
        (1, True, False),
        (True, True, True),
        (0, False, False),
        (None, None, True),
        (None, 0, False),
        (2**53 + 1, 2**53 + 1, True),
        (2**53 + 1, 2**53, False),
        (108.2, 108.02, False),
        ("celsius", "celsius", True),
        ("celsius", "Celsius", False),
        ("Tokyo", "Tokyo, Japan", True),
        ("Tokyo", "Tokyo!", False),
        ("Oslo", "Oslo, Norway", False),
        (["Tokyo", 1], ["Tokyo, Japan", 1], True),
        ([1, 2], [1], False),
        ([1], [1, 2], False),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}, True),
        ({"a": 1}, {}, False),
        ({}, {"a": None}, False),
        ({"a": 1}, [1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
    ],
)
def test_values_are_compared_as_json_has_them(expected: object, got: object, *, right: bool) -> None:
    assert is_right(expected, got, {"Tokyo": "Tokyo(, Japan)?"}) is right


def test_differences_say_where() -> None:
    found = list(differences({"a": {"b": [1, 2]}, "c": 3}, {"a": {"b": [1, 5]}, "d": 4}, {}))
    assert [difference.path for difference in found] == ["a.b[1]", "c", "d"]


def came(*calls: tuple[str, str]) -> tuple[ToolCall, ...]:
    return tuple(ToolCall(at, f"c{at}", "function", name, text) for at, (name, text) in enumerate(calls))


A, B = ExpectedCall("f", {"x": 1}), ExpectedCall("f", {"x": 2})
TEXT_A, TEXT_B = '{"x": 1}', '{"x": 2}'


@pytest.mark.parametrize(
    ("calls", "positions", "in_order"),
    [
        (came(("f", TEXT_A), ("f", TEXT_B)), [0, 1], True),
        (came(("f", TEXT_B), ("f", TEXT_A)), [1, 0], False),
        (came(("f", TEXT_B), ("f", TEXT_B)), [0, 1], True),
        (came(("f", "{"), ("f", TEXT_B)), [0, 1], True),
        (came(("f", TEXT_B)), [1], True),
        (came(("f", "{")), [0], True),
    ],
)
def test_calls_are_paired_with_what_they_stand_for(
    calls: tuple[ToolCall, ...], positions: list[int], *, in_order: bool
) -> None:
    pairing = pair_calls(calls, (A, B), {})
    assert [pair.position for pair in pairing.named] == positions
    assert pairing.in_order is in_order
    assert len(pairing.missing) == 2 - len(positions)


def test_what_is_left_over_is_misnamed_extra_or_missing() -> None:
    pairing = pair_calls(came(("g", "{}"), ("f", TEXT_B), ("h", "{}")), (A, B), {})
    assert [pair.call.name for pair in pairing.misnamed] == ["g"]
    assert [call.name for call in pairing.extra] == ["h"]
    assert pairing.missing == ()


@pytest.mark.parametrize(
    ("text", "wanted", "fences", "marker"),
    [
        ("Hello", "", True, None),
        ("a <tool_call> b", "", False, "<tool_call>"),
        ("[TOOL_CALLS]", "", False, "[TOOL_CALLS]"),
        ("f(1)</tool_call> b", "", False, "</tool_call>"),
        ("a <think> b", "", False, "<think>"),
        ("```json", "", True, "```"),
        ("```json", "", False, None),
        ("</think>", "", False, "</think>"),
        ("bye<|im_end|>", "", False, "<|im_end|>"),
        ("Write <tool_call> here", "Write <tool_call> here", True, None),
        ("On it. <to", "", False, "<to"),
        ("a <", "", False, None),
        ("a <", "a <", False, None),
        ("ends with ``", "", True, "``"),
        ("x <th", "x <th", False, None),
        ("a <b> c | d", "", True, None),
    ],
)
def test_markers_are_found(text: str, wanted: str, marker: str | None, *, fences: bool) -> None:
    assert leaked_marker(text, XLAM, wanted, fences=fences) == marker


@pytest.mark.parametrize(
    ("text", "leaks"), [("]", True), ('"name": "f"', True), ("Hi.", False), ("[1] Yes", False)]
)
def test_json_of_calls_is_found(text: str, *, leaks: bool) -> None:
    assert (leaked_piece(text, XLAM) is not None) is leaks
    assert leaked_piece(text, XLAM, text) is None


def test_a_whole_call_is_found() -> None:
    assert leaked_call('[{"name": "f", "arguments": {}}]', XLAM)
    assert not leaked_call('Use {"name": "f"}', XLAM)


def test_what_leaks_is_what_the_dialect_writes() -> None:
    lines = LINES.syntax
    assert leaked_marker("a !! b", lines, fences=True) == "!!"
    assert leaked_marker("a <tool_call> ```json", lines, fences=True) is None
    assert leaked_marker("bye<|im_end|>", lines, fences=True) == "<|im_end|>"
    assert leaked_piece("!get {", lines) == "!get "
    assert leaked_piece('"name": "f"', lines) is None
    assert leaked_call('!get {"a": 1}', lines)
    assert not leaked_call('{"a": 1} !get ', lines), "the parts stand one behind the other"
    assert not leaked_call('[{"name": "f", "arguments": {}}]', lines)


def test_of_no_dialect_nothing_leaks_but_special_tokens() -> None:
    nobody_s = CallSyntax()
    text = '<tool_call>[{"name": "f", "arguments": {}}]```'
    assert (leaked_marker(text, nobody_s, fences=True), leaked_piece(text, nobody_s)) == (None, None)
    assert not leaked_call(text, nobody_s)
    assert leaked_marker("<|end|>", nobody_s, fences=True) == "<|end|>"


def test_short_texts_keep_beginning_and_end() -> None:
    assert short("x" * 120) == "x" * 120
    assert short("a" * 200 + "b" * 200) == "a" * 80 + " ... " + "b" * 40
