"""What a GO says in its second line: known defects in users' words, the commonest and worst first."""

from pathlib import Path

import pytest

from tests.harness.core.records.basis import AskedCase, Basis, Defect
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.known_issue import Harm
from tests.harness.core.records.outcome import Outcome
from tests.harness.report.effects import effects_line, effects_of
from tests.harness.session.ledger import read_ledger
from tests.selftest.gate.runs import explained

HARMS: dict[str, tuple[Harm, str]] = {
    "twice": ("wrong-call", "streamed arguments arrive twice"),
    "twice-when-cut": ("wrong-call", "streamed arguments arrive twice"),
    "lost": ("lost-text", "text behind calls never arrives"),
    "mixed": ("wrong-call", "calls get mixed up"),
    "null": ("cosmetic", "names are null"),
    "dead": ("outage", "the server dies"),
}


def basis(*cases: str) -> Basis:
    asked = tuple(
        AskedCase(
            case, "scenarios" if case.startswith("basic") else "forced-core", "", (), None, None, (), (), None
        )
        for case in cases
    )
    defects = tuple(Defect(name, harm, "may", "w", users, "u") for name, (harm, users) in HARMS.items())
    return Basis(asked, defects)


def outcome(case: str, *known: str) -> Outcome:
    findings = tuple(explained(f"content/lost={name}") for name in known)
    answer = JudgedAnswer(case, "stream", "char", 1, "", "r", findings)
    return Outcome(f"i-{case}", "d", case, "stream", "known" if known else "passed", (answer,))


def line(*outcomes: Outcome) -> str:
    return effects_line(outcomes, basis(*(outcome.case for outcome in outcomes)))


def test_basic_scenarios_come_first_however_common_the_rest_is() -> None:
    text = line(
        outcome("basic-1", "lost"),
        outcome("basic-2"),
        *(outcome(f"c{number}", "twice") for number in range(4)),
    )
    assert text == (
        "your users will meet known defects: in 1 of 2 basic scenarios text behind calls never arrives;"
        " in 4 of 6 cases streamed arguments arrive twice; 2 such effects in 5 of 6 cases"
    )


def test_entries_that_do_the_same_to_users_are_one_effect() -> None:
    text = line(outcome("basic-1", "twice"), outcome("basic-2", "twice-when-cut"), outcome("c"))
    assert (
        text
        == "your users will meet known defects: in 2 of 2 basic scenarios streamed arguments arrive twice"
    )


def test_a_case_counts_once_whatever_its_items() -> None:
    assert "in 1 of 1 cases calls get mixed up" in line(outcome("c", "mixed"), outcome("c", "mixed"))


def test_the_worse_of_two_as_common_ones_goes_first_and_three_are_named() -> None:
    text = line(
        outcome("a", "lost", "mixed", "dead", "null"),
        outcome("b", "twice"),
        outcome("c", "twice"),
        outcome("d"),
    )
    named = [part.partition("cases ")[2] for part in text.split("; ")]
    assert named == ["streamed arguments arrive twice", "the server dies", "calls get mixed up", ""]
    assert text.endswith("4 such effects in 3 of 4 cases")


def test_what_is_cosmetic_is_not_in_the_line() -> None:
    assert line(outcome("basic-1", "null"), outcome("c")) == ""
    assert [effect.users for effect in effects_of([outcome("c", "null")], basis("c"))] == ["names are null"]


def test_a_part_of_the_cases_is_weighed_by_itself() -> None:
    assert "in 1 of 1 basic scenarios" in line(outcome("basic-1", "twice"))


def test_what_was_not_judged_shows_nothing() -> None:
    lost = Outcome("i", "d", "c", "stream", "infrastructure")
    assert line(lost) == ""


@pytest.mark.parametrize("issue", read_ledger(), ids=lambda issue: issue.id)
def test_the_ledger_speaks_to_users_in_their_words(issue: object) -> None:
    words = set(issue.users.split())  # type: ignore[attr-defined]
    assert not words & {
        "parser",
        "delta",
        "deltas",
        "frame",
        "frames",
        "split",
        "detokenizer",
        "regex",
        "pattern",
    }


def test_the_basic_scenarios_are_a_file_of_cases() -> None:
    assert (Path(__file__).parents[2] / "cases" / "scenarios.toml").is_file()
