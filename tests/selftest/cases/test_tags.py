"""Tags say what a text is like."""

from dataclasses import replace

import pytest

from tests.harness.cases.dialects.registry import known_dialects
from tests.harness.cases.in_dialect import all_in_dialect
from tests.harness.cases.json_tags import begins
from tests.harness.cases.load import load_cases, read_cases
from tests.harness.cases.tags import TAGS, tags_of
from tests.harness.core.records.case import Case, ExpectedCall, Reading
from tests.selftest.cases.dialects.lines import LINES


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
        ({"a": "```"}, {"depth=1", "fence", "fence-in-string"}),
        ({"a": "</tool_call>"}, {"depth=1", "marker", "marker-in-string"}),
        ({"a": "} and {"}, {"depth=1", "brace-in-string", "unbalanced-brace-in-string"}),
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


TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("```json\n[]```", {"fence", "fenced", "wrapped", "newline"}),
        ("<tool_call>[]</tool_call>", {"marker", "wrapped", "tool-call-tag"}),
        ("[TOOL_CALLS]", {"marker", "wrapped", "tool-calls-marker", "starts-with-bracket"}),
        ("<think>Hm.</think>[]", {"marker", "think"}),
        ("[1] A footnote.", {"starts-with-bracket"}),
        ("[1, 2]", {"starts-with-bracket", "array-answer"}),
        (
            '[{"name": "Ada"}]',
            {"starts-with-bracket", "array-answer", "name-key-in-text", "arguments-missing"},
        ),
        (" Well. ", {"white-space-around"}),
        ("a" * 601, {"long"}),
    ],
)
def test_plain_texts_have_tags(text: str, tags: set[str]) -> None:
    assert tags_of(replace(case(), text=text, tools=(TOOL,))) == {"plain-text", *tags}


def test_a_text_has_the_tags_of_its_own_dialect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(known_dialects(), "lines", replace(LINES, tags={"shouts": begins("!")}))
    text = "! [TOOL_CALLS]"
    said = replace(case(), text=text, tools=(TOOL,))
    assert tags_of(said) == {"plain-text", "marker", "tool-calls-marker"}
    assert tags_of(replace(said, dialect="lines")) == {"plain-text", "marker", "shouts"}


def test_a_text_without_tools_has_a_tag() -> None:
    assert tags_of(replace(case(), text="Hi.")) == {"plain-text", "no-tools"}


def debatable(text: str) -> Case:
    """A text that is a call to some, and text to others."""
    readings = (Reading((ExpectedCall("f", {"a": 1}),)), Reading((), text))
    return replace(case(), text=text, tools=(TOOL,), ambiguous="made up for a self-test", readings=readings)


CALL = '{"name": "f", "arguments": {"a": 1}}'


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (f"[{CALL}]", {"starts-with-bracket"}),
        (f"[{CALL}, {CALL}]", {"starts-with-bracket", "calls=2", "several-calls", "same-tool-twice"}),
        ('[{"name":"f","arguments":{"a":1}}]', {"starts-with-bracket", "compact"}),
        ('[{"name": "f",\n"arguments": {"a": 1}}]', {"starts-with-bracket", "newline", "spread"}),
        ('[{"arguments": {"a": 1}, "name": "f"}]', {"starts-with-bracket", "arguments-first", "name-apart"}),
        ('[{"name": "f", "x": 1, "arguments": {"a": 1}}]', {"starts-with-bracket", "name-apart"}),
        ('[{"name": "", "arguments": {"a": 1}}]', {"starts-with-bracket", "unknown-name", "empty-name"}),
        (
            '[{"name": "f", "arguments": "{\\"a\\": 1}"}]',
            {"starts-with-bracket", "string-arguments", "arguments-missing"},
        ),
        ('[{"name": "g", "arguments": {"a": 1}}]', {"starts-with-bracket", "unknown-name"}),
        (
            '[{"name": "f", "arguments": {"a": "\\u00e9"}}]',
            {"starts-with-bracket", "unicode-escape", "non-ascii"},
        ),
        (CALL, {"no-array"}),
        (f"Hi. [{CALL}] Bye.", {"prose-before", "prose-after"}),
        (f"<think>Hm.</think>[{CALL}]", {"marker", "think", "after-think"}),
        (f"Hm.</think>[{CALL}]", {"marker", "after-think"}),
        (
            f"<think>[{CALL}]?</think>[{CALL}]",
            {
                *("marker", "think", "after-think", "call-in-thoughts", "broken-json"),
                *("calls=2", "several-calls", "same-tool-twice"),
            },
        ),
        (f"<think>[{CALL}]</think>", {"marker", "think", "call-in-thoughts"}),
        (f"Hi.\n```json\n[{CALL}]\n```", {"fence", "fenced", "newline", "prose-before"}),
        (f"[TOOL_CALLS][{CALL}]", {"marker", "wrapped", "tool-calls-marker", "starts-with-bracket"}),
        (f"<tool_call>[{CALL}]</tool_call> Bye.", {"marker", "wrapped", "tool-call-tag", "prose-after"}),
        (f"[{CALL}", {"starts-with-bracket", "broken-json"}),
        (f"[{CALL},]", {"starts-with-bracket", "broken-json"}),
    ],
)
def test_texts_with_calls_have_tags(text: str, tags: set[str]) -> None:
    """Where nobody says what is right, the calls in the text are those that tags speak of."""
    found = tags_of(debatable(text))
    assert found == {"depth=1", "debatable", *tags} | (set() if "calls=2" in tags else {"calls=1"})


@pytest.mark.parametrize(
    ("arguments", "deep"),
    [
        ('{"a": {"b": 1}}', False),
        ('{"a": {"b": {"c": 1}}}', True),
        ('{"a": [[1], [{"b": 1}]]}', False),
        ('{"a": "{b}"}', False),
        ('{"a": "{{b}}"}', True),
    ],
)
def test_braces_are_counted_in_strings_too(arguments: str, deep: bool) -> None:
    text = f'[{{"name": "f", "arguments": {arguments}}}]'
    assert ("deep-braces" in tags_of(replace(case({}), text=text))) == deep


def test_the_beginning_of_a_call_is_no_plain_text() -> None:
    assert "plain-text" not in tags_of(debatable('[{"name": "f"'))
    assert "plain-text" in tags_of(debatable("[]"))


def test_a_call_without_arguments_before_another_has_a_tag() -> None:
    assert "no-arguments-first" in tags_of(case({}, {"a": 1}))
    assert "no-arguments-first" not in tags_of(case({"a": 1}, {}))
    assert "no-arguments-first" not in tags_of(case({}, {}))


@pytest.mark.parametrize("arguments", ["null", "[]", '""', "7"])
def test_arguments_of_another_kind_are_not_no_arguments(arguments: str) -> None:
    tags = tags_of(debatable(f'[{{"name": "f", "arguments": {arguments}}}, {CALL}]'))
    assert "arguments-missing" in tags
    assert not {"no-arguments", "no-arguments-first"} & tags


@pytest.mark.parametrize("element", ["null", '"some words"', '{"name": "f"}', '{"arguments": {}}', "{}"])
@pytest.mark.parametrize("behind", ["", " Bye."])
def test_what_the_array_holds_beside_calls_is_no_prose(element: str, behind: str) -> None:
    for text in (f"[{element}, {CALL}]", f"[{CALL}, {element}]", f"\n[{CALL}, {element}, {CALL}]"):
        tags = tags_of(debatable(f"{text}{behind}"))
        assert "prose-before" not in tags
        assert ("prose-after" in tags) is bool(behind)


def test_prose_before_an_array_is_told_whatever_the_array_holds() -> None:
    assert "prose-before" in tags_of(debatable(f"Hi. [null, {CALL}]"))


@pytest.mark.parametrize("value", ['"x"', '{"name": "x"}', '[{"name": "x"}]'])
def test_a_key_of_the_arguments_that_is_called_name_misses_none(value: str) -> None:
    call = f'{{"name": "f", "arguments": {{"name": {value}}}}}'
    assert "arguments-missing" not in tags_of(debatable(f"[{call}]"))
    assert "arguments-missing" in tags_of(debatable(f'[{call}, {{"name": "f"}}]'))


def test_the_cases_of_this_suite_have_tags() -> None:
    tags = {entry.id: tags_of(entry) for entry in load_cases()}
    assert tags["weather-tokyo-and-new-york"] == {"calls=2", "depth=1", "same-tool-twice", "several-calls"}
    assert tags["time-without-parameters"] == {"calls=1", "depth=1", "no-arguments"}
    assert tags["no-tool-fits"] == {"plain-text"}


@pytest.mark.parametrize("name", known_dialects())
def test_no_case_has_a_tag_that_the_ledger_does_not_know(name: str) -> None:
    said = all_in_dialect(read_cases(), known_dialects()[name]).cases
    found = frozenset().union(*map(tags_of, said))
    assert {tag for tag in found if tag not in TAGS and f"{tag.partition('=')[0]}=" not in TAGS} == set()
