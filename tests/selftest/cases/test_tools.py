"""The tools really run, and refuse what a program must refuse."""

import json

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.cases.requests import HISTORIES, expected_calls, follow_up_body, query_body
from tests.harness.cases.run_calls import run_calls
from tests.harness.cases.tools import ToolError, run_tool
from tests.harness.core.records.reply import ToolCall


def test_the_calculator_calculates() -> None:
    assert run_tool("calculate_expression", {"expression": "25 * 17 + 31"}).endswith(" is 456")


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()",
        "9**9**9",
        "x",
        "1/0",
        "'a'*9",
        "(",
        "True",
        "[1]",
        "1" * 201,
        "1 if 1 else 2",
    ],
)
def test_the_calculator_refuses_all_but_arithmetic(expression: str) -> None:
    with pytest.raises(ToolError):
        run_tool("calculate_expression", {"expression": expression})


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("no_such_tool", {}, "no tool named"),
        ("get_weather", {"city": "Oslo"}, "does not take"),
        ("translate_text", {"text": "Bye", "target_language": "Klingon"}, "no translation"),
    ],
)
def test_refusals_say_why(name: str, arguments: dict[str, str], says: str) -> None:
    with pytest.raises(ToolError, match=says):
        run_tool(name, arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [('{"a":1}{"a":1}', "not JSON"), ("", "not JSON"), ("[1]", "no object"), ('{"x": 1}', "does not take")],
)
def test_a_call_that_cannot_run_says_why(arguments: str, says: str) -> None:
    (run,) = run_calls([ToolCall(0, "id", "function", "get_current_time", arguments)])
    assert run.result is None
    assert says in run.error


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (ToolCall(0, "\ud800", "function", "get_current_time", "{}"), "its id holds half of a character"),
        (ToolCall(0, "id", "function", "\ud800", "{}"), "its name holds half of a character"),
        (ToolCall(0, "id", "function", "get_current_time", '{"\ud800": 1}'), "its arguments hold"),
        (
            ToolCall(0, "id", "function", "get_weather", '{"location": "\\ud800", "unit": "x"}'),
            "its result holds half of a character",
        ),
        (ToolCall(0, "id", "function", "get_weather", '{"location": %s}' % ("1" * 5000)), "not JSON"),
        (ToolCall(0, "id", "function", "get_weather", "[" * 100_000), "not JSON"),
        (
            ToolCall(0, "id", "function", "translate_text", '{"text": 1, "target_language": 2}'),
            "does not take",
        ),
        (
            ToolCall(0, "id", "function", "calculate_expression", '{"expression": "\\u0000"}'),
            "cannot calculate",
        ),
        (ToolCall(0, "id", "function", "calculate_expression", '{"expression": "%s1"}' % ("-" * 199)), None),
        (
            ToolCall(0, "id", "function", "calculate_expression", '{"expression": "%s"}' % ("(" * 200)),
            "cannot",
        ),
    ],
)
def test_a_hostile_call_is_a_call_that_cannot_run(call: ToolCall, says: str | None) -> None:
    (run,) = run_calls([call])
    assert (run.result is None) == (says is not None)
    assert (says or "") in run.error


def test_both_history_shapes_hold_the_same_calls_and_results() -> None:
    case = next(case for case in load_cases() if case.id == "weather-tokyo-and-new-york")
    calls = expected_calls(case)
    bodies = [follow_up_body(case, calls, run_calls(calls), history, "stream", "m") for history in HISTORIES]
    one, each = ([turn["role"] for turn in body["messages"]] for body in bodies)
    assert one == ["user", "assistant", "tool", "tool"]
    assert each == ["user", "assistant", "tool", "assistant", "tool"]
    for body in bodies:
        results = [turn["content"] for turn in body["messages"] if turn["role"] == "tool"]
        assert results == [
            "Weather in Tokyo is 22 degrees celsius.",
            "Weather in New York is 22 degrees celsius.",
        ]
        assert "tools" not in body
    json.dumps(bodies)


def test_usage_is_asked_for_in_streams_only() -> None:
    case = load_cases()[0]
    assert query_body(case, "stream", "m")["stream_options"] == {"include_usage": True}
    assert "stream_options" not in query_body(case, "whole", "m")
