from itertools import combinations

import pytest

from tests.harness.core.records.exchange import Frame
from tests.harness.core.records.reply import Event
from tests.harness.recording.sse import read_events

SAMPLE = (
    b'\xef\xbb\xbf: a comment\r\ndata: {"a":"\xc3\xa9\xe2\x80\xa8\xc2\x85\xf0\x9f\x98\x80"}\r\n\r\n'
    b'data: [\r\ndata: ]\r\n\r\nevent: x\nid: 7\nretry: 3\ndata:{"b":\ndata: "[DONE]"}\n\n'
    b'data: {"c":1}\r\rdata: [DONE]\n\n: bye\n\ndata: {"d":2}\n'
)
SHORT = b'\xef\xbb\xbfdata: {"a":\r\ndata:"\xc3\xa9"}\r\n\r\ndata: [DONE]\r\r'


def events(*pieces: bytes) -> list[Event]:
    return list(read_events(Frame(float(number), piece) for number, piece in enumerate(pieces)))


def without_times(found: list[Event]) -> list[tuple[int, str, object, str | None]]:
    return [(event.number, event.raw, event.json, event.problem) for event in found]


def test_sample_holds_what_the_standard_says() -> None:
    assert without_times(events(SAMPLE)) == [
        (1, '{"a":"é\u2028\u0085😀"}', {"a": "é\u2028\u0085😀"}, None),
        (2, "[\n]", None, "not-object"),
        (3, '{"b":\n"[DONE]"}', {"b": "[DONE]"}, None),
        (4, '{"c":1}', {"c": 1}, None),
        (5, "[DONE]", None, None),
        (6, '{"d":2}', {"d": 2}, "cut-off"),
    ]


def test_every_cut_gives_the_same_events() -> None:
    expected = without_times(events(SAMPLE))
    for cut in range(len(SAMPLE) + 1):
        assert without_times(events(SAMPLE[:cut], SAMPLE[cut:])) == expected, cut
    assert without_times(events(*(bytes([byte]) for byte in SAMPLE))) == expected


def test_every_pair_of_cuts_gives_the_same_events() -> None:
    expected = without_times(events(SHORT))
    assert len(expected) == 2
    for one, two in combinations(range(len(SHORT) + 1), 2):
        pieces = SHORT[:one], SHORT[one:two], b"", SHORT[two:]
        assert without_times(events(*pieces)) == expected, (one, two)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_ends_are_alike(end: bytes) -> None:
    body = end.join([b"data: {}", b"", b"data: [", b"data: ]", b"", b""])
    assert [(event.raw, event.problem) for event in events(body)] == [("{}", None), ("[\n]", "not-object")]


def test_time_is_that_of_the_last_byte() -> None:
    found = events(b'data: {"a"', b":1}\n", b'\ndata: {"b":2}\n\ndata:', b" {}\n\n")
    assert [event.at for event in found] == [2.0, 2.0, 3.0]


def test_done_inside_a_string_is_no_end() -> None:
    found = events(b'data: {"text":"data: [DONE]"}\n\ndata:[DONE]\n\n')
    assert [event.is_done for event in found] == [False, True]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "not-json"),
        (b"", "not-json"),
        (b"NaN", "not-json"),
        (b'{"a":Infinity}', "not-json"),
        (b'{"a":' + b"9" * 5000 + b"}", "not-json"),
        (b"[" * 200_000, "not-json"),
        (b"\xef\xbb\xbf{}", "not-json"),
        (b"[1]", "not-object"),
        (b"null", "not-object"),
        (b'"[DONE]"', "not-object"),
        (b'{"a":"\xff"}', "bad-utf8"),
        (b'{"a":"\xed\xa0\x80"}', "bad-utf8"),
        (b"\xff[DONE]", "bad-utf8"),
    ],
)
def test_problems_are_noted(data: bytes, problem: str) -> None:
    [event] = events(b"data: " + data + b"\n\n")
    assert event.problem == problem
    assert not event.is_done


def test_bad_utf8_is_shown_and_read_as_far_as_it_goes() -> None:
    [event] = events(b'data: {"a":"x\xc3"}\n\n')
    assert event.raw == '{"a":"x\ufffd"}'
    assert event.json == {"a": "x\ufffd"}


@pytest.mark.parametrize(
    ("tail", "raw"),
    [
        (b'data: {"a', '{"a'),
        (b"data: {}\n", "{}"),
        (b"data: {}", "{}"),
        (b"da", ""),
        (b"data", ""),
        (b"data: [DONE]", "[DONE]"),
        (b'data: "\xc3', '"\ufffd'),
        (b"data: 1\nda", "1"),
    ],
)
def test_cut_off_event_is_kept(tail: bytes, raw: str) -> None:
    found = events(b"data: {}\n\n", tail)
    assert [event.problem for event in found] == [None, "cut-off"]
    assert (found[1].raw, found[1].number, found[1].at) == (raw, 2, 1.0)


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b": ping\n\n", b": pi", b"event: x\nid: 1\n\n", b"Data: 1\n\n", b" data: 1\n\n"]
)
def test_no_data_is_no_event(body: bytes) -> None:
    assert events(body) == []


def test_only_one_space_is_taken_away() -> None:
    assert [event.raw for event in events(b"data:  1\n\ndata:1\n\n")] == [" 1", "1"]


def test_bom_is_skipped_at_the_start_only() -> None:
    assert [event.raw for event in events(b"\xef\xbb\xbfdata: 1\n\n\xef\xbb\xbfdata: 2\n\ndata: 3\n\n")] == [
        "1",
        "3",
    ]
