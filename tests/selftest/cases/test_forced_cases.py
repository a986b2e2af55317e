"""The forced texts say what their cases claim, and cover what breaks parsers."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from tests.harness.cases.load import load_cases
from tests.harness.cases.splits import VERY_LONG
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import Case
from tests.selftest.reference_reader import BAD_CALLS, UNDOCUMENTED, read

FORCED = [case for case in load_cases() if case.text is not None]
CALLING = [case for case in FORCED if case.calls]
WITH_CALLS = [case for case in CALLING if not case.readings]
PLAIN = [case for case in FORCED if not (case.calls or case.readings or case.free_form)]
AMBIGUOUS = [case for case in FORCED if case.readings]
SHORT = 350
OF_ONE_ADDRESS = {"messages", "responses", "batch", "invocations"}
"""Topics whose cases are asked there alone: the same text may be asked at each."""

# fmt: off
_TAGS_WANTED = [
    "calls=1", "calls=2", "calls=3", "calls=8", "several-calls", "same-tool-twice", "no-arguments",
    "no-arguments-first", "depth=1", "depth=2", "depth=3", "depth=4", "depth=5", "depth=6", "deep",
    "deep-braces", "brace-in-string", "unbalanced-brace-in-string", "bracket-in-string",
    "quote-in-string", "backslash", "marker-in-string", "fence-in-string", "key-name", "key-arguments",
    "arguments-first", "string-arguments", "unknown-name", "non-ascii", "unicode-escape", "compact",
    "spread", "newline", "white-space-around", "long", "broken-json", "no-array", "fence", "marker",
    "wrapped", "fenced", "tool-call-tag", "tool-calls-marker", "think", "after-think", "prose-before",
    "prose-after", "plain-text", "starts-with-bracket", "array-answer", "no-tools", "half-surrogate",
    "number-no-json", "integer-beyond-python", "beyond-the-stack", "element-no-object", "element-nameless",
    "bad-call", "further-fence",
]
_VALUES_WANTED = [
    0, -1, 108.2, 1e-7, 2**53 + 1, True, False, None, "", [], {},
    "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<think>", "</think>", "```",
    "\\", '"', "\n", "\t", "\r", "{", "}", "[", "]",
]
# fmt: on


def is_call(element: Any) -> bool:
    return isinstance(element, dict) and isinstance(element.get("name"), str) and "arguments" in element


def all_of(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def array_in(text: str) -> Any:
    """The array of calls in a text, found without the harness: from its first brace's bracket to the last bracket."""
    start = re.search(r"\[\s*\{(?!})|\[(?=[^][]*(?:\[\])?[^][]*, \{)", text)
    assert start, "no array of objects"
    return json.JSONDecoder().raw_decode(text, start.start())[0]


def values(value: Any) -> Iterator[Any]:
    yield value
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for entry in below:
        yield from values(entry)


def test_there_are_enough() -> None:
    assert len(FORCED) >= 90
    assert len({case.id for case in FORCED}) == len(FORCED)


def test_no_two_cases_ask_the_same() -> None:
    asked = Counter(
        (
            case.emitted_text,
            repr(case.tools),
            repr(case.request_options),
            case.topic in OF_ONE_ADDRESS and case.topic,
        )
        for case in FORCED
    )
    assert [text for (text, *_), count in asked.items() if count > 1] == []


@all_of(FORCED)
def test_texts_can_be_forced_and_are_short(case: Case) -> None:
    assert case.text
    assert "\0" not in case.text
    case.text.encode()  # a lone surrogate has no UTF-8
    assert len(case.text) <= SHORT or "long" in tags_of(case)


@all_of(WITH_CALLS)
def test_expected_calls_are_what_the_text_writes(case: Case) -> None:
    elements = [element for element in array_in(case.text or "") if is_call(element)]
    written = [(call["name"], call["arguments"]) for call in elements]
    if "one-call-wanted" in tags_of(case):
        written = written[:1]
    assert written == [(call.name, call.arguments) for call in case.calls]
    assert json.dumps(written) == json.dumps([(call.name, call.arguments) for call in case.calls])


@all_of(CALLING)
def test_expected_calls_fit_the_tools_on_offer(case: Case) -> None:
    offered = {tool["function"]["name"]: tool["function"].get("parameters", {}) for tool in case.tools}
    for call in case.calls:
        assert call.name in offered
        jsonschema.validate(call.arguments, offered[call.name], jsonschema.Draft202012Validator)


@all_of(WITH_CALLS)
def test_text_beside_calls_stands_around_them(case: Case) -> None:
    if case.topic == BAD_CALLS:
        assert case.content is None
        return
    start = re.search(r"\[\s*\{", case.text or "")
    assert start
    _, length = json.JSONDecoder().raw_decode((case.text or "")[start.start() :])
    before, after = (case.text or "")[: start.start()], (case.text or "")[start.start() + length :]
    around = re.sub(r"(</?tool_call>|\[TOOL_CALLS\]|```(json)?)\s*$", "", before)
    around += re.sub(r"^\n?(</?tool_call>|```)", "", after)
    assert around.strip() == (case.content or "")


@all_of(PLAIN)
def test_plain_answers_arrive_as_they_are(case: Case) -> None:
    assert case.content == (case.emitted_text if case.cut is None else case.text)


@all_of(
    [case for case in AMBIGUOUS if case.topic not in UNDOCUMENTED and "beyond-the-stack" not in tags_of(case)]
)
def test_one_reading_is_what_the_documents_say(case: Case) -> None:
    answer = read(case.text or "")
    calls = [(call.name, json.loads(call.arguments)) for call in answer.calls]
    readings = [([(call.name, call.arguments) for call in one.calls], one.content) for one in case.readings]
    assert (calls, answer.content) in readings


@all_of(AMBIGUOUS)
def test_readings_make_nothing_up(case: Case) -> None:
    """What they call and say stands in the text; of a name, but for its capitals."""
    text = case.text or ""
    for reading in case.readings:
        assert (reading.content or "") in text
        for call in reading.calls:
            assert call.name.lower() in text.lower()
            strings = [value for value in call.arguments.values() if isinstance(value, str)]
            assert all(value in text or is_mended(value, text) for value in strings)
            assert call.verbatim is None or call.verbatim in text


def is_mended(value: str, text: str) -> bool:
    """Whether a value stands in a text by escapes, a half of a pair maybe replaced."""
    pattern = re.escape(json.dumps(value)[1:-1]).replace("\\\\ufffd", r"\\u[0-9a-f]{4}")
    return re.search(pattern, text) is not None


@all_of(FORCED)
def test_all_texts_of_usual_length_are_asked_by_default(case: Case) -> None:
    assert case.depth == ("full" if len(case.text or "") > VERY_LONG else "default")


@pytest.mark.parametrize("tag", _TAGS_WANTED)
def test_a_text_has_the_tag(tag: str) -> None:
    assert any(tag in tags_of(case) for case in FORCED)


_KINDS: dict[str, Callable[[Case], bool]] = {
    "no arguments alone": lambda case: [call.arguments for call in case.calls] == [{}],
    "no arguments last": lambda case: len(case.calls) > 1 and not case.calls[-1].arguments,
    "no arguments in the middle": lambda case: any(not call.arguments for call in case.calls[1:-1]),
    "the same call twice": lambda case: len(case.calls) > 1 and case.calls[0] == case.calls[1],
    "a value that is a tool": lambda case: any(
        value == tool["function"]["name"] for value in values_of(case) for tool in case.tools
    ),
    "similar names": lambda case: any(
        call.name != tool["function"]["name"] and call.name.startswith(tool["function"]["name"])
        for call in case.calls
        for tool in case.tools
    ),
    "a name with a dash": lambda case: any("-" in call.name for call in case.calls),
    "a name with a dot": lambda case: any("." in call.name for call in case.calls),
    "no space between calls": lambda case: "},{" in (case.text or ""),
    "a line between calls": lambda case: len(case.calls) > 1 and "},\n" in (case.text or ""),
    "a semicolon between calls": lambda case: "}; {" in (case.text or ""),
    "a carriage return": lambda case: "\r" in (case.text or ""),
    "a key twice": lambda case: '"key": "a", "key"' in (case.text or ""),
    "a fence without a language": lambda case: "```\n[" in (case.text or ""),
    "thoughts, then a line break": lambda case: "</think>\n" in (case.text or ""),
    "thoughts, then the array": lambda case: "</think>[" in (case.text or ""),
    "a list of objects": lambda case: any(
        isinstance(entry, dict) for value in values_of(case) if isinstance(value, list) for entry in value
    ),
    "an escaped slash": lambda case: "\\/" in (case.text or ""),
    "an escaped half of an emoji": lambda case: "\\ud83d" in (case.text or ""),
    "CJK": lambda case: has_letter(case, lambda letter: unicodedata.east_asian_width(letter) == "W"),
    "right to left": lambda case: has_letter(
        case, lambda letter: unicodedata.bidirectional(letter) in {"R", "AL"}
    ),
    "combining": lambda case: has_letter(case, lambda letter: bool(unicodedata.combining(letter))),
    "a joined emoji": lambda case: has_letter(case, lambda letter: letter == "\u200d"),
    "four bytes": lambda case: has_letter(case, lambda letter: letter > "\uffff"),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_a_text_is_of_the_kind(kind: str) -> None:
    assert any(_KINDS[kind](case) for case in FORCED)


@pytest.mark.parametrize("value", _VALUES_WANTED, ids=repr)
def test_an_argument_is_or_holds_the_value(value: Any) -> None:
    """Each marker, kind of number and sign of JSON as an argument, or in one."""
    found = [entry for case in WITH_CALLS for entry in values_of(case)]
    assert any(
        (type(entry), entry) == (type(value), value)
        or (isinstance(entry, str) and value and str(value) in entry)
        for entry in found
    )


def values_of(case: Case) -> list[Any]:
    """All values within the arguments of the expected calls."""
    return [below for call in case.calls for value in call.arguments.values() for below in values(value)]


def has_letter(case: Case, fits: Callable[[str], bool]) -> bool:
    return any(fits(letter) for letter in case.text or "")
