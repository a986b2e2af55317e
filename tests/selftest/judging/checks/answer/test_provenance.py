"""What was written may come in another spelling, in pieces or twice; what was not may not come at all."""

from dataclasses import replace

import pytest

from tests.harness.core.records.case import ExpectedCall
from tests.harness.judging.checks.answer.provenance import CHECK
from tests.selftest.faulty_servers.correct import Answer, Call
from tests.selftest.judging.checks.offline import answered, case_with

WRITTEN = (
    r'I call [{"name": "get", "arguments": {"key": "a } \u6771 \ud83d\ude80\n", "n": 1.50, "t": "C:\\x"}}]'
)


def shown(answer: Answer, text: str | None = WRITTEN, **case: object) -> set[str]:
    made_up = replace(case_with(ExpectedCall("get", {})), text=text, **case)  # type: ignore[arg-type]
    return {finding.symptom for finding in CHECK.findings(answered(made_up, answer))}


@pytest.mark.parametrize(
    "arguments",
    [
        '{"key": "a } 東 🚀\\n", "n": 1.5}',
        r'{"key": "a } \u6771 \ud83d\ude80\n", "n": 15e-1}',
        '{"key": "a }{"key": "a } 東',
        '{{"n": 1.5}{"n": 1.5}',
        r'{"t": "C:\\x", "n": null}',
        '{"key": "a }',
        "{",
        "",
    ],
)
def test_what_was_written_may_come_in_any_state(arguments: str) -> None:
    assert shown(Answer((Call("get", arguments),))) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        '{"key": "b"}',
        '{"n": 2}',
        '{"other": "a }"}',
        '{"key": "a } {b"}',
        '{"key": "a } 東 🚀\\n"}{"key": "z',
    ],
)
def test_what_was_not_is_found_in_arguments_of_any_state(arguments: str) -> None:
    assert shown(Answer((Call("get", arguments),))) == {"value"}


@pytest.mark.parametrize(
    ("arguments", "symptoms"),
    [
        ('{"}{"}": null, "a": -0.0}', set()),
        ('{"}{"}":null,"a":-0.0}', set()),
        ('{"}{"}": true, "a": -0.0}', {"value"}),
    ],
)
def test_what_stands_between_strings_may_be_spaced_otherwise(arguments: str, symptoms: set[str]) -> None:
    """Behind arguments that begin anew within a string it looks like one."""
    written = '[{"name":"get","arguments":{"}":null,"a":-0.0}}]'
    assert shown(Answer((Call("get", arguments),)), written) == symptoms


@pytest.mark.parametrize(
    ("text", "symptoms"),
    [("I call", set()), ("I call [{}]", set()), ("call I", {"text"}), ("I fall", {"text"})],
)
def test_text_is_what_is_left_of_what_was_written(text: str, symptoms: set[str]) -> None:
    assert shown(Answer(content=text)) == symptoms


def test_a_name_is_written_or_right() -> None:
    assert shown(Answer((Call("ge", "{}"),))) == set()
    assert shown(Answer((Call("put", "{}"),))) == {"name"}
    assert shown(Answer((Call("get", "{}"),)), text="nothing") == set()


def test_where_nothing_was_forced_nothing_is_known() -> None:
    foreign = Answer((Call("put", '{"a": "b"}'),), content="Hello")
    assert shown(foreign, text=None) == set()
    assert shown(foreign, free_form="made up for a self-test") == set()
