"""Rules are found, put in order, and silence each other as documented."""

from collections.abc import Iterable
from pathlib import Path

import pytest

import tests.harness.judging.checks.answer
from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.registry import in_order, judge_by, rules, vocabulary
from tests.harness.judging.rule import Flaw, Rule, RuleError
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, case_with

SUBJECT = answered(case_with(), Answer(content="Hello"))


def rule(name: str, *flaws: Flaw, presupposes: Iterable[str] = ()) -> Rule:
    return Rule(
        name, {"broken": "It is.", "bent": "It is."}, "https://x", lambda _: flaws, tuple(presupposes)
    )


def found(*chosen: Rule, context: CheckContext = SUBJECT) -> list[tuple[str, int | None]]:
    return [(finding.check, finding.call) for finding in judge_by(in_order(chosen), context)]


def at(call: int | None, symptom: str = "broken") -> Flaw:
    return Flaw(symptom, "It is broken.", call=call)


def test_each_rule_has_a_file_of_its_own() -> None:
    folder = Path(tests.harness.judging.checks.answer.__path__[0])
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--", "registry", "rule"}
    assert {known.id for known in rules()} == files


def test_presuppositions_come_first() -> None:
    seen: set[str] = set()
    for known in rules():
        assert {name.partition("/")[0] for name in known.presupposes} <= seen
        seen.add(known.id)


def test_the_vocabulary_names_every_symptom() -> None:
    assert vocabulary()["stream-end"] == {"no-done", "no-clean-close", "after-done"}


@pytest.mark.parametrize(
    ("below", "above", "left"),
    [
        (None, None, [("a", None)]),
        (None, 1, [("a", None)]),
        (1, None, [("a", 1)]),
        (1, 1, [("a", 1)]),
        (1, 2, [("a", 1), ("b", 2)]),
    ],
)
def test_a_cause_silences_its_consequences(
    below: int | None, above: int | None, left: list[tuple[str, int | None]]
) -> None:
    assert found(rule("b", at(above), presupposes=["a"]), rule("a", at(below))) == left


def test_rules_that_do_not_presuppose_each_other_both_speak() -> None:
    assert found(rule("a", at(None)), rule("b", at(None))) == [("a", None), ("b", None)]


def test_presuppositions_are_transitive() -> None:
    assert found(rule("a", at(1)), rule("b", presupposes=["a"]), rule("c", at(1), presupposes=["b"])) == [
        ("a", 1)
    ]


def test_a_silenced_finding_silences_nothing_of_its_own() -> None:
    bare = rule("c", at(2), presupposes=["b"])
    assert found(rule("a", at(1)), rule("b", at(1), presupposes=["a"]), bare) == [("a", 1), ("c", 2)]


def test_a_single_symptom_can_be_presupposed() -> None:
    for symptom, left in {"bent": [("a", 1)], "broken": [("a", 1), ("b", 1)]}.items():
        assert found(rule("a", at(1, symptom)), rule("b", at(1), presupposes=["a/bent"])) == left


def test_all_findings_of_a_rule_are_kept() -> None:
    assert found(rule("a", at(0), at(1), at(None))) == [("a", 0), ("a", 1), ("a", None)]


def test_a_rule_is_not_asked_where_it_could_not_speak() -> None:
    def judge(_subject: CheckContext) -> Iterable[Flaw]:
        raise AssertionError("asked")

    strict = Rule("b", {"broken": "It is."}, "https://x", judge, ("a",))
    assert found(rule("a", at(None)), strict) == [("a", None)]


def test_a_symptom_outside_the_vocabulary_is_a_fault_of_the_rule() -> None:
    with pytest.raises(RuleError, match="judge of a says 'gone'"):
        found(rule("a", at(None, "gone")))


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ([rule("a"), rule("a")], "two rules have the id 'a'"),
        ([rule("a", presupposes=["z"])], "presupposes 'z', and there is no such rule"),
        ([rule("a"), rule("b", presupposes=["a/gone"])], "a has no such symptom"),
        ([rule("a", presupposes=["b"]), rule("b", presupposes=["a"])], "presuppose each other"),
    ],
)
def test_rules_that_do_not_fit_together_are_refused(chosen: list[Rule], complaint: str) -> None:
    with pytest.raises(RuleError, match=complaint):
        in_order(chosen)
