"""Cases are checked before they test anybody: a bad file is one line with file, case and field."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.cases.load import CASES, load_cases, read_cases
from tests.harness.core.records.case import ExpectedCall, Reading
from tests.harness.core.records.errors import UsageProblem

GOOD = """
topic = "t"
dialect = "xlam"
[[case]]
id = "one"
why = "It is here to be damaged by a test."
user = "What time is it?"
tools = ["now"]
calls = [ { name = "now", arguments = '{}' } ]
"""


CALLS = "calls = [ { name = \"now\", arguments = '{}' } ]"
AMBIGUOUS = 'ambiguous = "because nobody can say"\nreadings = '


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "tools.json").write_text('{"now": {"description": "d", "parameters": {"type": "object"}}}')
    (tmp_path / "bad.toml").write_text(text)
    return tmp_path


def test_the_four_scenarios_are_the_example_s() -> None:
    queries = [case.messages[0]["content"] for case in load_cases() if case.topic == "scenarios"]
    assert queries == [
        "I want to know the weather in San Francisco",
        "Calculate 25 * 17 + 31",
        "Translate 'Hello world' to Spanish",
        "What is the weather in Tokyo and New York in celsius",
    ]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (case,) = load_cases(folder_with(tmp_path, GOOD))
    assert case.tools[0]["function"]["name"] == "now"
    assert case.calls[0].arguments == {}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "one"', 'id = "One two"', 'case "One two", field id'),
        ('why = "It is here to be damaged by a test."\n', "", "'why' is a required property"),
        ('user = "', 'usr = "', "'usr'"),
        ('tools = ["now"]', 'tools = ["then"]', "case \"one\", field tools: no tool 'then' in tools.json"),
        ("'{}'", "'{'", 'case "one", arguments of now: not JSON'),
        ("'{}'", "'[]'", "a JSON object is wanted, not []"),
        ('dialect = "xlam"', 'dialect = "nope"', "case \"one\", field dialect: unknown dialect 'nope'"),
        ('dialect = "xlam"', 'dialect = "No dialect"', "field dialect"),
        ("[[case]]", "[[case]", "not TOML"),
        ("calls = [", 'ambiguous = "because nobody can say"\ncalls = [', "readings (which) go together"),
        ("calls = [", 'free_form = "because nobody can say"\ncalls = [', "either calls"),
        (CALLS, "", "either calls"),
        (CALLS, AMBIGUOUS + "[{content = 'a'}, {content = 'b'}]", "only a forced text"),
        (CALLS, "text = '[]'\n" + AMBIGUOUS + "[{content = 'a'}]", "field readings"),
        (CALLS, "text = '[]'\n" + AMBIGUOUS + "[{content = 'a'}, {}]", "field readings.1"),
        (CALLS, "text = '[]'\n" + AMBIGUOUS + "[{as_text = true}, {content = 'a'}]", "calls are wanted"),
        (
            CALLS,
            f"text = '[]'\n{CALLS}\n{AMBIGUOUS}[{{content = ''}}, {{as_text = true}}]",
            "calls: said twice",
        ),
        (
            CALLS,
            f"text = '[]'\n{AMBIGUOUS}[{{calls = []}}, {{calls = [], as_text = true}}]",
            "calls: said twice",
        ),
        (
            CALLS,
            f"text = '[]'\n{AMBIGUOUS}[{{as_text = true}}, {{calls = [], content = '[]'}}]",
            "two of them are the same",
        ),
        ("arguments = '{}'", "arguments = '{}', verbatim = '{'", "field calls.0"),
        ("calls = [", "text = 'a'\ntext_json = '\"a\"'\ncalls = [", "two ways to say one thing"),
        ("calls = [", "text_json = 'a'\ncalls = [", "field text_json: not JSON"),
        ("calls = [", "text_json = '3'\ncalls = [", "a JSON string with something in it"),
        ("arguments = '{}'", "arguments = 3", 'case "one", field calls.0.arguments'),
        (
            "calls = [",
            "text = 'é'\ncut_at = [1]\ncalls = [",
            'case "one", field cut_at: a forced text of ASCII',
        ),
        ("calls = [", "cut_at = [1]\ncalls = [", 'case "one", field cut_at: a forced text of ASCII'),
        (
            CALLS,
            """text = '@calls@'\ncut_at = [1]\ncalls = [ { name = "now", arguments = '{"a": "é"}' } ]""",
            'case "one", field cut_at: a forced text of ASCII',
        ),
        (CALLS, "text = '@calls@'\ncalls = []", 'case "one", field text: @calls@ stands for the calls'),
        (
            CALLS,
            f"text = '@calls@'\n{AMBIGUOUS}[{{as_text = true}}, {{{CALLS}}}]",
            'case "one", field text: @calls@ stands for the calls of the case, and it names none',
        ),
        (
            CALLS,
            "text_json = '\"@calls@\"'\nfree_form = 'because nobody can say'",
            'case "one", field text: @calls@ stands for the calls of the case, and it names none',
        ),
    ],
)
def test_damage_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        load_cases(folder_with(tmp_path, GOOD.replace(old, new)))
    assert str(tmp_path / "bad.toml") in str(problem.value)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_forced_text_may_hold_what_toml_cannot(tmp_path: Path) -> None:
    text = GOOD.replace("calls = [", """text_json = '"a\\\\r\\\\n\\\\u0000"'\ncalls = [""")
    (case,) = load_cases(folder_with(tmp_path, text))
    assert case.text == "a\\r\\n\\u0000"


def test_readings_say_what_the_case_does_not(tmp_path: Path) -> None:
    call = ExpectedCall("now", {})
    by_text = f"text = 'Well. []'\n{CALLS}\n{AMBIGUOUS}[{{content = 'Well.'}}, {{content = ''}}]"
    (case,) = load_cases(folder_with(tmp_path, GOOD.replace(CALLS, by_text)))
    assert (case.calls, case.has_open_calls) == ((call,), False)
    assert case.readings == (Reading((call,), "Well."), Reading((call,)))
    cut = "{calls = [{name = 'now', verbatim = '{'}]}"
    by_calls = f"text = '[] {{'\n{AMBIGUOUS}[{{{CALLS}}}, {cut}, {{as_text = true}}]"
    (case,) = load_cases(folder_with(tmp_path, GOOD.replace(CALLS, by_calls)))
    assert (case.calls, case.has_open_calls) == ((), True)
    assert case.readings == (
        Reading((call,)), Reading((ExpectedCall("now", {}, "{"),)), Reading((), "[] {"),
    )  # fmt: skip
    assert [(one.calls, one.content) for one in case.settled()] == [
        (reading.calls, reading.content) for reading in case.readings
    ]


def test_an_id_is_given_once(tmp_path: Path) -> None:
    folder_with(tmp_path, GOOD)
    (tmp_path / "worse.toml").write_text(GOOD)
    with pytest.raises(UsageProblem, match="has it already"):
        load_cases(tmp_path)


def test_every_case_of_the_suite_is_sound() -> None:
    assert len(load_cases(CASES)) >= 7


def test_a_filler_stands_for_thousands_of_characters(tmp_path: Path) -> None:
    text = GOOD.replace("calls = [", """filler = { unit = "ab ", times = 3 }\ntext = 'x @@ y'\ncalls = [""")
    (case,) = load_cases(folder_with(tmp_path, text.replace("'{}'", """'{"a": "@@"}'""")))
    assert case.text == "x ab ab ab  y"
    assert case.calls[0].arguments == {"a": "ab ab ab "}


def test_a_filler_has_its_counterpart_as_often(tmp_path: Path) -> None:
    said = """filler = { unit = "[", end = "]", times = 3 }
text = '''[{"name": "now", "arguments": {"a": @@1@end@}}]'''
calls = [ { name = "now", verbatim = '''{"a": @@1@end@}''' } ]"""
    (case,) = load_cases(folder_with(tmp_path, GOOD.replace(CALLS, said)))
    assert case.text == '[{"name": "now", "arguments": {"a": [[[1]]]}}]'
    assert case.calls[0].text == '{"a": [[[1]]]}'


def test_a_field_that_is_sent_as_null_is_a_case_each(tmp_path: Path) -> None:
    cases = load_cases(folder_with(tmp_path, f'{GOOD}nulls = ["tool_choice", "n"]\n'))
    assert [case.id for case in cases] == ["one-tool-choice", "one-n"]
    options = cases[0].request_options
    assert (options.request, options.may_refuse) == ({"tool_choice": None}, True)
    assert options.refusal_names == "tool_choice"


def text_of(text: str, *, file: str = "xlam", own: str = "", calls: str = "calls = []") -> str:
    """A case file of one forced text, whose dialect the file says, and maybe the case itself."""
    said = f"text = '{text}'\n{calls}" + (f'\ndialect = "{own}"' if own else "")
    return GOOD.replace('dialect = "xlam"', f'dialect = "{file}"').replace(CALLS, said)


@pytest.mark.parametrize(
    ("file", "own", "dialect"),
    [
        ("xlam", "", "xlam"),
        ("any", "", "any"),
        ("any", "xlam", "xlam"),
        ("xlam", "any", "any"),
    ],
)
def test_a_text_is_in_its_own_dialect_or_in_the_file_s(
    tmp_path: Path, file: str, own: str, dialect: str
) -> None:
    (case,) = read_cases(folder_with(tmp_path, text_of("Well.", file=file, own=own)))
    assert (case.dialect, case.text) == (dialect, "Well.")
    (said,) = load_cases(tmp_path, "xlam")
    assert said == replace(case, dialect="xlam")


@pytest.mark.parametrize("said", [GOOD, text_of("Well: @calls@", calls=CALLS)])
def test_what_is_left_to_the_model_or_has_a_place_for_calls_is_neutral(tmp_path: Path, said: str) -> None:
    (case,) = read_cases(folder_with(tmp_path, said))
    assert case.dialect == "any"
    (said_by_xlam,) = load_cases(tmp_path)
    assert said_by_xlam.dialect == "xlam"
    assert said_by_xlam.text == (case.text and 'Well: [{"name": "now", "arguments": {}}]')


def test_words_in_which_xlam_reads_a_call_are_not_asked_of_it(tmp_path: Path) -> None:
    call = '[{"name": "now", "arguments": {}}]'
    folder_with(tmp_path, text_of(call, file="any"))
    assert [case.text for case in read_cases(tmp_path)] == [call]
    assert load_cases(tmp_path) == ()


@pytest.mark.parametrize(
    "said",
    [
        GOOD.replace('dialect = "xlam"', 'dialect = "nope"'),
        text_of("Well.", file="nope"),
        text_of("Well.", own="nope"),
        text_of("@calls@", own="nope", calls=CALLS),
    ],
)
def test_an_unknown_dialect_is_named_wherever_it_is_said(tmp_path: Path, said: str) -> None:
    folder_with(tmp_path, said)
    for read in (read_cases, load_cases):
        with pytest.raises(UsageProblem) as problem:
            read(tmp_path)
        place = f'{tmp_path / "bad.toml"}: case "one", field dialect: '
        assert str(problem.value).startswith(f"{place}unknown dialect 'nope'; ")
