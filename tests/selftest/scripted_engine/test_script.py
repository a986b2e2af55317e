"""What a request wants said, and where each delta ends."""

import pytest

from tests.harness.cases.forcing_by_script import marked
from tests.scripted_engine.scripted_engine.script import (
    BadScript,
    Script,
    deltas_of,
    marker_of,
    script_in_arguments,
    script_in_prompt,
)

END = 2


def encode(text: str) -> list[int]:
    """A token of at most three characters: the number of its first one; beyond ASCII two tokens a character."""
    if len(text) == 1 and not text.isascii():
        return [ord(text), 0]
    return [ord(text[at]) for at in range(0, len(text), 3)]


def test_a_request_without_a_script_has_none() -> None:
    assert script_in_arguments(None) is None
    assert script_in_arguments({"session_id": "s"}) is None
    assert script_in_prompt("What is said?") is None


def test_the_tokenizer_s_own_tokens_are_a_delta_each() -> None:
    script = script_in_arguments({"script": "abcdefgh"})
    assert script == Script("abcdefgh")
    assert deltas_of(script, encode, END) == [[97], [100], [103], [END]]


def test_deltas_end_after_the_tokens_that_are_named() -> None:
    assert deltas_of(Script("abcdefgh", "token", (2,)), encode, END) == [[97, 100], [103], [END]]


def test_a_character_is_a_delta_even_if_it_takes_two_tokens() -> None:
    assert deltas_of(Script("aé", "character"), encode, END) == [[97], [233, 0], [END]]


def test_deltas_end_after_the_characters_that_are_named() -> None:
    script = script_in_arguments({"script": "abcde", "script_unit": "character", "script_cuts": [1, 4]})
    assert script is not None
    assert deltas_of(script, encode, END) == [[97], [98, 99, 100], [101], [END]]


def test_cuts_behind_the_text_are_none() -> None:
    assert deltas_of(Script("ab", "character", (1, 2, 99)), encode, END) == [[97], [98], [END]]


def test_an_empty_text_ends_at_once() -> None:
    assert deltas_of(Script(""), encode, END) == [[END]]


def test_a_piece_between_two_cuts_is_said_in_the_tokenizer_s_own_tokens() -> None:
    assert deltas_of(Script("abcdefgh", "piece", (4,)), encode, END) == [[97, 100], [101, 104], [END]]
    assert deltas_of(Script("abcd", "piece", None), encode, END) == [[97, 100], [END]]


@pytest.mark.parametrize("unit", ["token", "character", "piece"])
def test_the_end_comes_with_the_text_where_that_is_asked_for(unit: str) -> None:
    fields = {"script": "ab", "script_unit": unit, "script_cuts": [1], "script_end": "with-text"}
    script = script_in_arguments(fields)
    assert script is not None
    assert deltas_of(script, encode, END)[-1][-1] == END
    assert len(deltas_of(script, encode, END)[-1]) > 1


@pytest.mark.parametrize("arguments", [{"script": 'a "b" é\n'}, {"script": "ab", "script_cuts": [1]}])
def test_the_marker_carries_a_script_through_a_prompt(arguments: dict[str, object]) -> None:
    prompt = f"<|user|>\nSay it. {marker_of(arguments)}<|end|>"
    assert script_in_prompt(prompt) == script_in_arguments(arguments)


def test_of_several_markers_the_last_counts() -> None:
    prompt = f"{marker_of({'script': 'first'})} {marker_of({'script': 'second'})}"
    assert script_in_prompt(prompt) == Script("second")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"script": 7}, "has to be a text"),
        ({"script": "a", "script_unit": "word"}, "one of token, character"),
        ({"script": "a", "script_cuts": "1"}, "a list of numbers"),
        ({"script": "a", "script_cuts": [0]}, "a list of numbers above 0"),
        ({"script": "a", "script_cuts": [2, 1]}, "has to rise"),
    ],
)
def test_a_script_that_cannot_be_followed_says_why(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(BadScript, match=said):
        script_in_arguments(arguments)


def test_a_damaged_marker_says_so() -> None:
    with pytest.raises(BadScript, match="cannot be read"):
        script_in_prompt("@@script:AAAA@@")


def test_the_suite_writes_a_script_into_a_message_as_the_engine_reads_it() -> None:
    script = {
        "script": 'say "[1]" - 東',
        "script_unit": "piece",
        "script_cuts": [3],
        "script_end": "with-text",
    }
    message = marked("Say it.", script)
    assert message.startswith("Say it. ")
    assert script_in_prompt(f"<|user|>\n{message}<|end|>") == script_in_arguments(script)
