"""From the tokens that frames name to the cut of a text."""

import json

import pytest

from tests.harness.core.records.cut import NamedTokens
from tests.harness.core.records.exchange import Exchange, ExchangeKey, Frame
from tests.harness.core.records.reply import Reply
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.named_tokens import deltas_of, read_tokens

END = 0
VOCABULARY = {END: "</s>", 1: "a", 2: "b", 3: "cd", 4: "\ufffd", 5: "\ufffd"}
"""4 and 5 are the halves of é."""


def text_of(tokens: tuple[int, ...]) -> str:
    return "".join(VOCABULARY[token] for token in tokens).replace("\ufffd\ufffd", "é")


def reply(*deltas: list[int] | None, streamed: bool = True) -> Reply:
    choices = [{"index": 0, "delta": {}, **({} if ids is None else {"token_ids": ids})} for ids in deltas]
    if streamed:
        body = "".join(f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices)
    else:
        body = json.dumps({"choices": choices})
    key = ExchangeKey("c", "stream" if streamed else "whole", "char", 0, "0" * 64)
    headers = (("content-type", "text/event-stream"),) if streamed else ()
    frames = (Frame(0.0, body.encode()),)
    return read_reply(Exchange(key, "POST", "/", b"{}", 0.0, 200, headers, frames, 0.0), streamed=streamed)


@pytest.mark.parametrize(
    ("deltas", "cut"),
    [
        ([[1], [2], [3], [END]], (1, 2, 4, 4)),
        ([[1, 2, 3], [END]], (4, 4)),
        ([[1], [2, 3, END]], (1, 4)),
        ([[1, 2], [], [3, END]], (2, 2, 4)),
    ],
)
def test_a_delta_ends_where_its_tokens_do(deltas: list[list[int]], cut: tuple[int, ...]) -> None:
    found = read_tokens(reply(None, *deltas), "abcd", text_of)
    assert found == NamedTokens(sum(map(len, deltas)), "abcd", cut)


def test_half_a_character_is_no_character() -> None:
    found = read_tokens(reply([1, 4], [5], [2, END]), "aéb", text_of)
    assert found == NamedTokens(5, "aéb", (1, 2, 3))


def test_a_text_that_ends_early_is_read_as_far_as_it_goes() -> None:
    assert read_tokens(reply([1], [2]), "abcd", text_of) == NamedTokens(2, "ab", (1, 2))


@pytest.mark.parametrize("deltas", [[[2], [1]], [[1, 2, 3, 1, END]], [[1, 2, 3], [END, END]], [[3, 3, 3]]])
def test_another_text_has_no_cut(deltas: list[list[int]]) -> None:
    assert read_tokens(reply(*deltas), "abcd", text_of) == NamedTokens(sum(map(len, deltas)), None, None)


def test_an_answer_that_is_not_streamed_is_cut_nowhere() -> None:
    found = read_tokens(reply([1, 2, 3, END], streamed=False), "abcd", text_of)
    assert found == NamedTokens(4, "abcd", ())


def test_where_text_is_held_back_the_cut_is_not_known() -> None:
    found = read_tokens(reply([1, 2], [3, END]), "abcd", text_of, held_back=True)
    assert found == NamedTokens(4, "abcd", None)


def test_frames_that_name_no_tokens_say_nothing() -> None:
    assert deltas_of(reply(None, None)) is None
    assert read_tokens(reply(None, None), "abcd", text_of) is None


def test_ids_that_are_no_numbers_are_no_tokens() -> None:
    assert deltas_of(reply(["1", 2], [True])) is None  # type: ignore[list-item]
