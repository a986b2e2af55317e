"""Tags say what a text is like."""

from dataclasses import replace

import pytest

from tests.harness.catalogue.load import load_cases
from tests.harness.catalogue.tags import tags_of
from tests.harness.records.case import Case, ExpectedCall


def case(*arguments: dict[str, object], content: str | None = None) -> Case:
    calls = tuple(ExpectedCall(f"tool_{number}", entry) for number, entry in enumerate(arguments))
    return Case("made-up", "self-test", "xlam", "made up for a self-test", (), (), calls, content)


@pytest.mark.parametrize(
    ("arguments", "tags"),
    [
        ({}, {"depth=1", "no-arguments"}),
        ({"a": 1}, {"depth=1"}),
        ({"a": {"b": 1}}, {"depth=2"}),
        ({"a": [{"b": {"c": 1}}]}, {"depth=4", "deep"}),
        ({"a": "x } y"}, {"depth=1", "brace-in-string", "unbalanced-brace-in-string"}),
        ({"a": "{x}"}, {"depth=1", "brace-in-string"}),
        ({"a": "[1]"}, {"depth=1", "bracket-in-string"}),
        ({"a": 'say "hi"'}, {"depth=1", "quote-in-string"}),
        ({"a": "C:\\x"}, {"depth=1", "backslash"}),
        ({"a": "東京"}, {"depth=1", "non-ascii"}),
        ({"ä": 1}, {"depth=1", "non-ascii"}),
        ({"name": "Ada"}, {"depth=1", "key-name"}),
        ({"a": {"arguments": 1}}, {"depth=2", "key-arguments"}),
        ({"a": "name"}, {"depth=1"}),
        ({"a": "```"}, {"depth=1", "fence"}),
        ({"a": "</tool_call>"}, {"depth=1", "marker"}),
    ],
)
def test_arguments_have_tags(arguments: dict[str, object], tags: set[str]) -> None:
    assert tags_of(case(arguments)) == {"calls=1", *tags}


def test_text_has_tags() -> None:
    assert tags_of(case(content="Why? Ä ``` <think>")) == {"plain-text", "non-ascii", "fence", "marker"}


def test_several_calls_have_tags() -> None:
    calls = (ExpectedCall("f", {"a": 1}), ExpectedCall("f", {"a": {"b": 1}}))
    twice = Case("made-up", "self-test", "xlam", "made up for a self-test", (), (), calls)
    assert tags_of(twice) == {"calls=2", "depth=2", "same-tool-twice", "several-calls"}
    assert tags_of(case({"a": 1}, {"a": 1})) == {"calls=2", "depth=1", "several-calls"}


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("```json\n[]```", {"fence", "wrapped"}),
        ("<tool_call>[]</tool_call>", {"marker", "wrapped"}),
        ("<think>Hm.</think>[]", {"marker", "think"}),
        ("[1] A footnote.", {"starts-with-bracket"}),
        ('[{"arguments": {}, "name": "f"}]', {"starts-with-bracket", "arguments-first"}),
        ('[{"name": "f", "arguments": {}}]', {"starts-with-bracket"}),
    ],
)
def test_forced_texts_have_tags(text: str, tags: set[str]) -> None:
    assert tags_of(replace(case(), text=text)) == {"plain-text", *tags}


def test_a_call_without_arguments_before_another_has_a_tag() -> None:
    assert "no-arguments-first" in tags_of(case({}, {"a": 1}))
    assert "no-arguments-first" not in tags_of(case({"a": 1}, {}))
    assert "no-arguments-first" not in tags_of(case({}, {}))


def test_the_cases_of_this_suite_have_tags() -> None:
    tags = {entry.id: tags_of(entry) for entry in load_cases()}
    assert tags["weather-tokyo-and-new-york"] == {"calls=2", "depth=1", "same-tool-twice", "several-calls"}
    assert tags["time-without-parameters"] == {"calls=1", "depth=1", "no-arguments"}
    assert tags["no-tool-fits"] == {"plain-text"}
