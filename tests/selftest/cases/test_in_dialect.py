"""A dialect says what it can: neutral texts with its own calls in them, words, and texts that are its own."""

from dataclasses import replace

import pytest

from tests.harness.cases.dialects.dialect import Calls, NotSayable, Tools
from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.in_dialect import ANY, all_in_dialect, in_dialect
from tests.harness.core.records.case import Case, ExpectedCall
from tests.selftest.cases.dialects.lines import LINES

XLAM = dialect_named("xlam")
ALONE = replace(LINES, stands_alone=True)
CALLS = (ExpectedCall("get", {"key": "a"}), ExpectedCall("ping", {}))
BY_XLAM = '[{"name": "get", "arguments": {"key": "a"}}, {"name": "ping", "arguments": {}}]'
BY_LINES = '!get {"key": "a"}\n!ping {}'
CASE = Case("made-up", "self-test", ANY, "made up for a self-test", (), (), CALLS, text="@calls@")


def words(text: str, dialect: str = ANY) -> Case:
    return replace(CASE, dialect=dialect, calls=(), content=text, text=text)


@pytest.mark.parametrize(("around", "behind"), [("", ""), ("Well: ", "\n"), ("\n\n", " Done.")])
def test_each_dialect_writes_its_calls_at_the_place(around: str, behind: str) -> None:
    case = replace(CASE, text=f"{around}@calls@{behind}")
    assert in_dialect(case, XLAM) == replace(case, dialect="xlam", text=f"{around}{BY_XLAM}{behind}")
    assert in_dialect(case, LINES) == replace(case, dialect="lines", text=f"{around}{BY_LINES}{behind}")


def test_the_tools_are_known_to_who_writes_the_calls() -> None:
    tools = ({"type": "function", "function": {"name": "get"}},)

    def write(calls: Calls, offered: Tools) -> str:
        return f"{len(calls)} of {len(offered)}"

    assert in_dialect(replace(CASE, tools=tools), replace(LINES, write=write)).text == "2 of 1"


def test_a_question_without_a_text_is_every_dialect_s() -> None:
    asked = replace(CASE, text=None)
    assert in_dialect(asked, XLAM) == replace(asked, dialect="xlam")
    assert in_dialect(asked, ALONE) == replace(asked, dialect="lines")


def test_a_dialect_s_own_text_stays_as_it_is_and_is_nobody_else_s() -> None:
    own = replace(CASE, dialect="xlam", text=BY_XLAM)
    assert in_dialect(own, XLAM) == own
    with pytest.raises(NotSayable, match=r"^its text is in xlam$"):
        in_dialect(own, LINES)
    with pytest.raises(NotSayable, match=r"^its text is in lines$"):
        in_dialect(words("Well.", "lines"), XLAM)


@pytest.mark.parametrize(("text", "reader", "other"), [(BY_XLAM, XLAM, LINES), (BY_LINES, LINES, XLAM)])
def test_words_in_which_a_dialect_reads_a_call_are_no_words_to_it(
    text: str, reader: object, other: object
) -> None:
    assert isinstance(reader, type(XLAM))
    assert isinstance(other, type(XLAM))
    with pytest.raises(NotSayable, match=f"^{reader.name} reads a call in its words$"):
        in_dialect(words(text), reader)
    assert in_dialect(words(text), other) == words(text, other.name)
    assert in_dialect(words(text, reader.name), reader).text == text, "its own text may be what it likes"


def test_where_calls_stand_alone_nothing_stands_around_them() -> None:
    assert in_dialect(CASE, ALONE).text == BY_LINES
    assert in_dialect(replace(CASE, text="\n@calls@ "), ALONE).text == f"\n{BY_LINES} "
    assert in_dialect(words("Well."), ALONE).text == "Well."
    for text in ("Well: @calls@", "@calls@ Done.", "@calls@@calls@"):
        with pytest.raises(NotSayable, match=r"^an answer in lines is calls or words, never both$"):
            in_dialect(replace(CASE, text=text), ALONE)


def test_what_is_not_said_is_listed_with_the_reason() -> None:
    def write(calls: Calls, tools: Tools) -> str:
        if len(calls) > 1:
            raise NotSayable("one call an answer")
        return LINES.write(calls, tools)

    cases = [
        replace(CASE, id="two"),
        replace(CASE, id="one", calls=CALLS[:1]),
        replace(words("Well."), id="words"),
        replace(words("[]", "xlam"), id="xlam-s"),
    ]
    said = all_in_dialect(cases, replace(LINES, write=write))
    assert [(case.id, case.text) for case in said.cases] == [("one", '!get {"key": "a"}'), ("words", "Well.")]
    assert said.not_applicable == (("two", "one call an answer"), ("xlam-s", "its text is in xlam"))
