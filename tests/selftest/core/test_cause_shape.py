"""What differs between two cases of one defect is no part of its shape; what tells two defects apart is."""

import pytest

from tests.harness.core.cause_shape import server_error_in, shape_of
from tests.harness.core.records.cause import CauseKey
from tests.harness.core.records.finding import Finding

RAISED = '{"message": "list index out of range", "type": "InternalServerError", "param": null, "code": 500}'


@pytest.mark.parametrize(
    ("one", "other", "shape"),
    [
        (
            '{"location": "Tokyo", "unit": "c"}{"location": "Tokyo", "unit": "c"}',
            '{"a": 1}{"a": 1}',
            "{…}",
        ),
        ('{{"a": 1}', '{{"text": "x", "n": [1, 2]}', "{{…}"),
        ('{"a": {"b": [1]}}', '{"a": "}{"}', "{…}"),
        ("{}", "{}", "{}"),
        ('[{"name": "get", "arg', '[{"name": "add', "[{…"),
        ('{"a": 1}}', '{"b": "2"}}', "{…}}"),
        ("Hello, world!", "Pick one 3 times.", "…"),
        ('get {"a": 1}; get {"b": 2}', 'get {"a": 1}; get {"b": 2}; get {"c": 3}', "…{…}"),
        ('{"a": "' + "x" * 60 + ' ... xxx"}', '{"a": "x"}{"a": "x"}', "{…}"),
        ("KeyError: 'city'", "KeyError: 'unit'", "KeyError: '…'"),
        (
            "JSONDecodeError: Expecting value: line 1 column 7 (char 6)",
            "JSONDecodeError: Expecting value: line 1 column 21 (char 20)",
            "JSONDecodeError: Expecting value: line 0 column 0 (char 0)",
        ),
        ("status 503: busy at req-1f", "status 503: busy at req-2e", "status 503: busy at req-0"),
    ],
)
def test_other_values_are_the_same_shape(one: str, other: str, shape: str) -> None:
    assert shape_of(one) == shape_of(other) == shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1}', '{{"a": 1}'),
        ('{"a": 1}', '{"a": 1}}'),
        ("{}", '{"a": 1}'),
        ("", "nothing"),
        ("nothing", "Hello"),
        ("500 Internal Server Error", "503 Service Unavailable"),
        ("500 Internal Server Error", "500 Bad Gateway"),
        ("KeyError: 'city'", "IndexError: 'city'"),
        ("ReadTimeout: no byte", "RemoteProtocolError: no byte"),
    ],
)
def test_another_defect_has_another_shape(one: str, other: str) -> None:
    assert shape_of(one) != shape_of(other)


@pytest.mark.parametrize("text", ['"' * 1000, "{" * 1000, "[{" * 500, '{"a": ' * 200, "\\" * 999, "}]" * 500])
def test_a_shape_is_short_whatever_came(text: str) -> None:
    assert len(shape_of(text)) < 130


@pytest.mark.parametrize(
    ("begins", "short"),
    [
        ('{"a": "', '{"a": 1}'),
        ('{"a": 1}{"a": "', '{"a": 1}{"a": 1}'),
        ('{{"a": "', '{{"a": 1}'),
        ('[{"name": "get", "arguments": {"a": "', '[{"name": "get"}]'),
    ],
)
def test_what_was_left_out_of_a_long_text_leaves_its_shape(begins: str, short: str) -> None:
    assert shape_of(f"{begins}{'x' * 900}... (5000 characters)") == shape_of(short)


@pytest.mark.parametrize(
    "got",
    [
        RAISED,
        f'500 {{"error":{RAISED}}}',
        f'status 500: {{"error":{RAISED}}}',
        '{"type": "error", "error": {"type": "api_error", "message": "list index out of range"}}',
        "an error in the stream: {'message': 'list index out of range', 'type': 'InternalServerError'}; 4 of 4",
    ],
)
def test_an_error_that_the_server_tells_of_is_one_cause_whoever_meets_it(got: str) -> None:
    keys = {CauseKey.of(Finding(check, "x", "m", got=got)) for check in ("http-status", "client-view")}
    assert keys == {CauseKey("", "", "list index out of range")}


def test_values_in_such_an_error_are_left_out() -> None:
    texts = [
        f'{{"message": "no tool \'{name}\' at {place}", "type": "ParserError"}}'
        for name, place in (("a", 1), ("b", 22))
    ]
    assert {server_error_in(text) for text in texts} == {"no tool '…' at 0"}


def test_a_long_message_is_the_same_wherever_its_middle_was_left_out() -> None:
    long = "the parser found no call " * 20
    texts = [f'{{"message": "{long[:size]} ... ", "type": "ServerError"}}' for size in (200, 300)]
    assert len({server_error_in(text) for text in texts}) == 1


def test_arguments_with_a_message_are_no_error() -> None:
    assert server_error_in('{"message": "Hi", "type": "greeting"}') == ""
