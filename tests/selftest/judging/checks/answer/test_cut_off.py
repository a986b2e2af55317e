"""What an answer that was cut on purpose holds is compared in full, however long it is."""

import json
from dataclasses import replace

import pytest

from tests.harness.core.records.case import MODES, ExpectedCall, Mode
from tests.harness.judging.check_selection import judge_what_can_be
from tests.harness.judging.checks.answer import provenance
from tests.selftest.faulty_servers.correct import Answer, Call
from tests.selftest.judging.checks.offline import answered, case_with

WORDS = " ".join(f"word{number}" for number in range(60))
ARGUMENTS = json.dumps({"text": WORDS, "language": "Japanese"})
CASE = replace(
    case_with(ExpectedCall("first", json.loads(ARGUMENTS))),
    text=f'[{{"name": "first", "arguments": {ARGUMENTS}}}]',
    cut=9,
)


def names(arguments: str, mode: Mode) -> set[str]:
    """All but that something was not written, which has tests of its own."""
    answer = Answer((Call("first", arguments),), cut=True)
    findings = judge_what_can_be(answered(CASE, answer, mode))
    return {finding.name for finding in findings if finding.check != provenance.CHECK.id}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("length", [0, 1, 79, 81, 120, 121, 300, len(ARGUMENTS)])
def test_a_beginning_of_long_arguments_is_right(length: int, mode: Mode) -> None:
    assert names(ARGUMENTS[:length], mode) == set()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", [20, 79, 81, 121, 300])
def test_long_arguments_that_go_on_otherwise_are_not(place: int, mode: Mode) -> None:
    assert names(f"{ARGUMENTS[:place]}#{ARGUMENTS[place + 1 : 350]}", mode) == {"cut-off/other-arguments"}


@pytest.mark.parametrize("mode", MODES)
def test_the_display_form_of_long_arguments_is_no_beginning_of_them(mode: Mode) -> None:
    shown = f"{ARGUMENTS[:80]} ... {ARGUMENTS[-40:]}"
    assert names(shown, mode) == {"cut-off/other-arguments"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("arguments", "is_right"),
    [
        ('{"text":"word0 word1', True),
        ('{ "text" : "word0 word1', True),
        ('{"text": "word0word1', False),
        ('{"text": "word0  word1', False),
    ],
)
def test_white_space_between_tokens_is_free_and_none_within_strings(
    arguments: str, mode: Mode, *, is_right: bool
) -> None:
    assert names(arguments, mode) == (set() if is_right else {"cut-off/other-arguments"})
