"""Generated cases are right by construction, say what is worth saying, and depend on the seed alone."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import strategies as st

from tests.harness.cases.dump import dump_case, toml_string
from tests.harness.cases.generate.cases import LONGEST, Example, chosen, examples_in
from tests.harness.cases.generate.engine import draw, smallest
from tests.harness.cases.load import load_cases
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import Case
from tests.harness.core.records.errors import InfrastructureError
from tests.selftest.reference_reader import read
from tests.selftest.standin import ROOT

MANY = 2000

# fmt: off
_TAGS_WANTED = [
    "calls=1", "calls=2", "calls=3", "several-calls", "same-tool-twice", "no-arguments", "no-arguments-first",
    "depth=1", "depth=2", "depth=3", "depth=4", "deep", "deep-braces", "brace-in-string",
    "unbalanced-brace-in-string", "bracket-in-string", "quote-in-string", "backslash", "marker-in-string",
    "fence-in-string", "key-name", "key-arguments", "arguments-first", "non-ascii", "unicode-escape", "compact",
    "spread", "newline", "white-space-around", "fence", "marker", "wrapped", "fenced", "tool-call-tag",
    "tool-calls-marker", "think", "after-think", "prose-before", "prose-after", "plain-text",
    "starts-with-bracket",
]
# fmt: on


@pytest.fixture(scope="module")
def many() -> list[Example]:
    return draw(examples_in("xlam"), MANY, 0)


def test_there_are_as_many_as_asked_for_and_no_two_alike() -> None:
    assert len({example.case.id for example in chosen(100, 0)}) == 100


def agree(case: Case) -> bool:
    """Whether the reference reader makes of a text what its case expects, or one thing of several."""
    return any(map(agrees_with, case.settled()))


def agrees_with(case: Case) -> bool:
    answer = read(case.text or "")
    came = [(call.name, json.loads(call.arguments)) for call in answer.calls]
    expected = [(call.name, call.arguments) for call in case.calls]
    content = (case.content or "").strip()
    return json.dumps(came) == json.dumps(expected) and (answer.content or "").strip() == content


def test_a_right_parser_reads_what_is_expected(many: list[Example]) -> None:
    assert [example.case for example in many if not agree(example.case)] == []


def test_a_wrong_expectation_would_be_noticed(many: list[Example]) -> None:
    with_calls = [case for example in many for case in example.case.settled() if case.calls]
    assert not any(agrees_with(replace(case, calls=case.calls[1:])) for case in with_calls)
    assert not any(agrees_with(replace(case, content="Something else.")) for case in with_calls)


def test_calls_fit_their_tools(many: list[Example]) -> None:
    for example in many:
        offered = {tool["function"]["name"]: tool["function"]["parameters"] for tool in example.case.tools}
        for call in example.case.calls:
            jsonschema.validate(call.arguments, offered[call.name], jsonschema.Draft202012Validator)


def test_texts_can_be_forced_and_are_short(many: list[Example]) -> None:
    for example in many:
        text = example.case.text or ""
        assert 0 < len(text) <= LONGEST
        assert not [c for c in text if c < " " and c not in "\n\r\t"]
        assert example.picks


@pytest.fixture(scope="module")
def tags(many: list[Example]) -> Counter[str]:
    return Counter(tag for example in many for tag in tags_of(example.case))


@pytest.mark.parametrize("tag", _TAGS_WANTED)
def test_some_texts_have_the_tag(tag: str, tags: Counter[str]) -> None:
    assert tags[tag] >= 5


@pytest.mark.parametrize(
    "kind", [str, bool, int, float, list, dict, type(None)], ids=lambda kind: kind.__name__
)
def test_an_argument_is_of_the_type(kind: type, many: list[Example]) -> None:
    values = [value for e in many for call in e.case.calls for value in call.arguments.values()]
    assert any(type(value) is kind for value in values)


def test_a_small_number_of_texts_has_some_of_everything() -> None:
    found = {tag for example in chosen(30, 0) for tag in tags_of(example.case)}
    assert {"plain-text", "several-calls", "deep", "wrapped", "brace-in-string", "non-ascii"} <= found


_DIGEST = """
import hashlib, json
from tests.harness.cases.generate.cases import chosen
asked = [[e.case.text, e.case.id, e.picks] for e in chosen(40, 7)]
print(hashlib.sha256(json.dumps(asked).encode()).hexdigest())
"""


@pytest.mark.parametrize(
    "env",
    [{"PYTHONHASHSEED": "1", "LC_ALL": "C"}, {"PYTHONHASHSEED": "2", "CI": "true", "LC_ALL": "C.UTF-8"}],
)
def test_the_same_seed_makes_the_same_texts_on_any_host(env: dict[str, str], tmp_path: Path) -> None:
    asked = [[e.case.text, e.case.id, e.picks] for e in chosen(40, 7)]
    job = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert job.stdout.strip() == hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    assert not list(tmp_path.iterdir()), "no cache is left in the working folder"


def test_another_seed_makes_other_texts() -> None:
    same = {e.case.id for e in chosen(40, 1)} & {e.case.id for e in chosen(40, 2)}
    assert len(same) < 10


@pytest.mark.parametrize("number", range(200))
def test_a_case_survives_being_written_down(number: int, many: list[Example], tmp_path: Path) -> None:
    case = many[number * 10].case
    assert loaded(dump_case(case, case.why), tmp_path) == case


def loaded(file: str, folder: Path) -> Case:
    (folder / "tools.json").write_text("{}")
    (folder / "forced-found.toml").write_text(file, encoding="utf-8")
    (case,) = load_cases(folder)
    return replace(case, source="generated")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "'plain'"),
        ("it's", "'''it's'''"),
        ("two\nlines", "'''two\nlines'''"),
        ("\nfirst", '"\\nfirst"'),
        ("'''", "\"'''\""),
        ("cafe\u0301", '"cafe\\U00000301"'),
        ('"\\\r\u200d', '"\\"\\\\\\U0000000d\\U0000200d"'),
    ],
)
def test_strings_are_written_so_that_no_editor_changes_them(value: str, written: str) -> None:
    assert toml_string(value) == written


def test_the_smallest_value_is_found_from_the_first_that_holds() -> None:
    numbers = st.integers(0, 1000)
    assert smallest(numbers, 200, 0, lambda number: number > 17) == 18
    assert smallest(numbers, 200, 0, lambda _: False) is None
    assert len(draw(numbers, 50, 0)) == 50


def test_a_broken_server_is_not_made_smaller() -> None:
    asked: list[Any] = []

    def holds(value: int) -> bool:
        asked.append(value)
        raise InfrastructureError("gone")

    with pytest.raises(InfrastructureError, match="gone"):
        smallest(st.integers(0, 1000), 200, 0, holds)
    assert len(asked) == 1
