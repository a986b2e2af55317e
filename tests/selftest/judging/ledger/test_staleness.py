"""Entries that say `must` and did not show: stale, or outlived, and what the ledger should say then."""

from dataclasses import replace

import pytest

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.core.records.run import Footer, Run
from tests.harness.judging.ledger.staleness import StaleEntries, ledger_line, stale_entries_of
from tests.harness.servers.target_strings import parse_target
from tests.harness.session.run_header import _is_patched, hash_of
from tests.selftest.gate.runs import HEADER, Saw, issue, outcome, run
from tests.selftest.talking_server import CASES

MUST = issue("must-show", "must")


def quiet(due: bool, patched: bool = False) -> Run:
    seen = outcome("b", Saw(covered=("must-show",), due=("must-show",) if due else ()))
    found = replace(run("b", seen), footer=None)
    return replace(found, header=replace(found.header, patched=patched))


def test_silence_within_the_seen_releases_is_stale() -> None:
    silence = stale_entries_of(quiet(due=True), [MUST])
    assert (silence.stale, silence.fixed) == ((MUST,), ())


@pytest.mark.parametrize(("due", "patched"), [(False, False), (True, True)])
def test_silence_of_a_newer_release_or_a_patched_build_is_a_fix(due: bool, patched: bool) -> None:
    silence = stale_entries_of(quiet(due, patched), [MUST])
    assert (silence.stale, silence.fixed) == ((), (MUST,))


def test_an_entry_that_shows_once_is_not_silent() -> None:
    shown = outcome("b", Saw(("content/leak=must-show",), covered=("must-show",)), item="other")
    found = quiet(due=True)
    assert stale_entries_of(replace(found, outcomes=(*found.outcomes, shown)), [MUST]).stale == ()


@pytest.mark.parametrize(
    ("saw", "is_stale"),
    [
        ([], False),
        ([Saw()], False),
        ([Saw(covered=("must-show",), due=("must-show",))], True),
        ([Saw(covered=("must-show",), due=("must-show",)), Saw(split="natural")], True),
        ([Saw(covered=("must-show",), due=("must-show",))] * 2, True),
        (
            [
                Saw(covered=("must-show",), due=("must-show",)),
                Saw(("content/leak=must-show",), split="natural", covered=("must-show",), due=("must-show",)),
            ],
            False,
        ),
    ],
)
def test_a_must_that_shows_nowhere_is_stale(saw: list[Saw], *, is_stale: bool) -> None:
    found = replace(run("b", outcome("b", *saw)), footer=None)
    assert stale_entries_of(found, [issue("may"), MUST]).stale == ((MUST,) if is_stale else ())


def test_of_a_part_of_the_items_nothing_is_stale() -> None:
    assert stale_entries_of(replace(quiet(due=True), partial=True), [MUST]) == StaleEntries()


def test_what_an_ended_run_says_stands() -> None:
    ended = replace(quiet(due=True), footer=Footer("", "NO-GO", "", ("must-show",)), partial=True)
    assert stale_entries_of(ended, [issue("may"), MUST]).stale == (MUST,)


def test_the_line_of_the_ledger_to_change_is_named() -> None:
    newer = replace(HEADER, vllm_version="0.33.0rc1")
    assert ledger_line(MUST, newer) == (
        "tests/known_issues/x.toml, issue 'must-show': gone in 0.33.0; write versions = \">=0.23.0,<0.33.0\""
    )
    assert "gone in this build; end `versions`" in ledger_line(MUST, replace(newer, patched=True))


@pytest.mark.parametrize(
    ("target", "version", "patched"),
    [
        ("process:0.32.0", "0.32.0", False),
        ("http://127.0.0.1:1", "0.32.0+cu129", False),
        ("http://127.0.0.1:1", "0.33.0.dev5+gabc", True),
        ("http://127.0.0.1:1", "unknown", True),
        ("process:0.32.0[arg=--tool-parser-plugin=@LICENSE,arg=--tool-call-parser=mine]", "0.32.0", True),
        ("process:/bin/sh", "0.32.0", True),
    ],
)
def test_what_is_not_as_released(target: str, version: str, patched: bool) -> None:
    assert _is_patched(parse_target(target), version) == patched


def test_the_hash_of_the_cases_is_about_what_is_asked() -> None:
    before = hash_of(CASES)
    assert hash_of(tuple(reversed(CASES))) == before
    assert hash_of([replace(CASES[0], why="told otherwise", source="elsewhere"), *CASES[1:]]) == before
    assert hash_of([replace(CASES[0], content="another answer"), *CASES[1:]]) != before
    assert hash_of(CASES[1:]) != before
    bad = load_bad_requests()
    assert hash_of(bad) == hash_of([replace(bad[0], why="told otherwise"), *bad[1:]])
    assert hash_of(bad) != hash_of([replace(bad[0], body=b"other"), *bad[1:]])
