"""What the suite's own questions are answered with, where no script says what to say."""

import json
from pathlib import Path

import pytest

from tests.harness.cases.dialects.registry import known_dialects
from tests.harness.servers.scripted_engine import engine_files
from tests.scripted_engine.scripted_engine.answers import FALLBACK, AnswerBook
from tests.selftest.cases.dialects.lines import LINES

QUESTION = "I want to know the weather in San Francisco"
RESULT = "Weather in San Francisco is 22 degrees celsius."


def book(folder: Path, dialect: str = "xlam") -> AnswerBook:
    """The book that a server is launched with."""
    files = {name: source for source, name in engine_files(folder, dialect).sources}
    return AnswerBook.read(files["answers.json"])


def test_a_question_of_a_case_is_answered_with_its_calls(tmp_path: Path) -> None:
    text = book(tmp_path).text_for(f'tools: {{"name": "get_weather"}} user: {QUESTION} assistant:')
    assert json.loads(text) == [
        {"name": "get_weather", "arguments": {"location": "San Francisco", "unit": "celsius"}}
    ]


def test_calls_are_written_in_the_dialect_of_who_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(known_dialects(), "lines", LINES)
    text = book(tmp_path, "lines").text_for(f'tools: {{"name": "get_weather"}} user: {QUESTION} assistant:')
    assert text == '!get_weather {"location": "San Francisco", "unit": "celsius"}'


def test_nobody_calls_a_tool_that_is_not_on_offer(tmp_path: Path) -> None:
    assert book(tmp_path).text_for(f"user: {QUESTION} assistant:") == FALLBACK


def test_once_the_tools_ran_the_answer_is_that_of_round_two(tmp_path: Path) -> None:
    prompt = f"user: {QUESTION} assistant: [...] tool: {RESULT} assistant:"
    assert book(tmp_path).text_for(prompt) == "The weather in San Francisco is 22 degrees celsius."


def test_a_result_that_a_template_writes_as_json_is_found(tmp_path: Path) -> None:
    question, result = (
        "Translate 'Hello world' to Spanish",
        "Translation of 'Hello world' to Spanish: Hola mundo",
    )
    prompt = f"user: {question} tool: {json.dumps({'content': result})}"
    assert "Hola mundo" in book(tmp_path).text_for(prompt)


def test_the_question_that_stands_last_counts(tmp_path: Path) -> None:
    prompt = f"get_weather user: {QUESTION} tool: {RESULT} user: Tell me a joke about cats"
    assert book(tmp_path).text_for(prompt).startswith("Why did the cat")


def test_anything_else_gets_one_sentence(tmp_path: Path) -> None:
    assert book(tmp_path).text_for("What is the capital of France?") == FALLBACK
    assert AnswerBook.read(None).text_for(QUESTION) == FALLBACK
