"""What is true of a cut, each tag with a cut that has it and one that has not."""

from dataclasses import replace

import pytest

from tests.harness.cases.call_places import call_places
from tests.harness.cases.cut_tags import CUT_TAGS, cut_tags_of
from tests.harness.cases.dialects.registry import known_dialects
from tests.harness.cases.part_reader import PartReader
from tests.harness.core.records.case import Case
from tests.selftest.cases.dialects.lines import LINES

CALL = '[{"name": "get", "arguments": {"a": 1}}]'
NAMED = CALL.index('", "arg') + 1
ARGUED = CALL.index("}}") + 1
END = len(CALL)
TWO = '[{"name": "get", "arguments": {"a": 1}}, {"name": "put", "arguments": {}}]'
FIRST = TWO.index("}}") + 1
SECOND_NAMED = TWO.index("put") + 4
LATE_NAME = '[{"arguments": {"a": 1}, "name": "get"}]'
LATE_END = len(LATE_NAME)
MARKED = "<tool_call>[]</tool_call>"
ESCAPED = r'[{"name": "get", "arguments": {"a": "\u00e9"}}]'
AT_ESCAPE = ESCAPED.index("\\")


def case(text: str) -> Case:
    return Case("made-up", "self-test", "xlam", "made up for a self-test", (), (), (), text=text)


def by_character(text: str) -> tuple[int, ...]:
    return (*range(1, len(text) + 1), len(text))


@pytest.mark.parametrize(
    ("tag", "text", "cut", "other"),
    [
        ("one-delta", CALL, (END, END), (3, END)),
        ("single-characters", CALL, by_character(CALL), (2, *range(3, END + 1), END)),
        ("ends-with-text", CALL, (3, END), (3, END, END)),
        ("all-parts-sent", CALL, (NAMED, ARGUED, END), (NAMED, END)),
        ("arguments-in-last-delta", CALL, (NAMED, END, END), by_character(CALL)),
        ("arguments-in-last-delta", CALL, (NAMED, END), (END,)),
        ("name-in-last-delta", CALL, (3, END), (3, END, END)),
        ("call-left-behind", TWO, (NAMED, FIRST, SECOND_NAMED, len(TWO)), by_character(TWO)),
        ("call-left-behind", TWO, (len(TWO), len(TWO)), by_character(TWO)),
        ("cut-before-arguments", CALL, (NAMED, END), (END - 2, END)),
        ("cut-before-arguments", LATE_NAME, (LATE_NAME.index('"name'), LATE_END), (LATE_END - 2, LATE_END)),
        ("name-cut", CALL, (NAMED - 2, END), (NAMED, END)),
        ("escape-cut", ESCAPED, (AT_ESCAPE + 3, len(ESCAPED)), (AT_ESCAPE, AT_ESCAPE + 6, len(ESCAPED))),
        ("marker-cut", MARKED, (3, len(MARKED)), (len("<tool_call>"), len(MARKED))),
    ],
)
def test_a_tag_is_true_of_one_cut_and_not_of_another(
    tag: str, text: str, cut: tuple[int, ...], other: tuple[int, ...]
) -> None:
    assert tag in cut_tags_of(case(text), cut)
    assert tag not in cut_tags_of(case(text), other)


def test_every_tag_is_tried() -> None:
    own = {tag for dialect in known_dialects().values() for tag in dialect.cut_tags}  # tried beside it
    mark = test_a_tag_is_true_of_one_cut_and_not_of_another.pytestmark[0]  # type: ignore[attr-defined]
    assert {row[0] for row in mark.args[1]} == CUT_TAGS - own


def test_an_answer_that_is_not_streamed_has_none() -> None:
    assert cut_tags_of(case(CALL), ()) == frozenset()


def test_a_text_without_calls_has_tags_of_its_deltas_alone() -> None:
    assert cut_tags_of(case("Hello"), (2, 5)) == {"ends-with-text"}


def test_markers_and_calls_are_those_of_the_text_s_dialect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(known_dialects(), LINES.name, LINES)
    text = '!! !get {"a": 1}\n!put {}'
    in_marker, in_name, ends = 1, text.index("get") + 1, (len(text), len(text))
    said = replace(case("!!\n" + text), dialect="lines")
    assert "marker-cut" in cut_tags_of(said, (in_marker, *ends))
    assert "marker-cut" not in cut_tags_of(case(said.text or ""), (in_marker, *ends))
    calls = replace(case(text.removeprefix("!! ")), dialect="lines")
    assert "name-cut" in cut_tags_of(calls, (in_name - 3, *ends))
    assert "name-cut" not in cut_tags_of(case(calls.text or ""), (in_name - 3, *ends))


def test_the_part_reader_hands_on_a_part_a_delta() -> None:
    reader = PartReader(call_places(CALL)).read(by_character(CALL))
    assert reader.sent == [(0, "name"), (0, "brace"), (0, "rest")]
    assert reader.last is None


def test_empty_arguments_are_one_part() -> None:
    reader = PartReader(call_places(TWO)).read(by_character(TWO))
    assert reader.sent[-2:] == [(1, "name"), (1, "rest")]


def test_the_part_reader_goes_on_to_a_name_that_is_there() -> None:
    reader = PartReader(call_places(TWO)).read((SECOND_NAMED, len(TWO), len(TWO)))
    assert reader.sent == [(0, "name"), (1, "name"), (1, "rest")]
    assert reader.leaves_one_behind


@pytest.mark.parametrize("end", [FIRST - 3, FIRST, SECOND_NAMED - 1])
def test_a_call_is_left_behind_by_one_that_came_alone(end: int) -> None:
    """Not where a limit ends the answer before the name of the next one."""
    assert not PartReader(call_places(TWO)).read((NAMED, end)).leaves_one_behind
    assert PartReader(call_places(TWO)).read((NAMED, SECOND_NAMED)).leaves_one_behind


def test_places_of_calls_are_found_in_any_order_of_their_keys() -> None:
    text = 'Sure: {"arguments": {"x": "}"}, "id": [1], "name": "p"}.'
    (place,) = call_places(text)
    assert text[place.name : place.name_end] == '"p"'
    assert text[place.arguments : place.arguments_end] == '{"x": "}"}'
    assert text[place.start : place.end] == text[6:-1]


def test_calls_in_an_object_of_another_form_have_no_place() -> None:
    assert call_places('{"tool_calls": [{"name": "p", "arguments": {}}]}') == ()
