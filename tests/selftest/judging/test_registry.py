"""Checks are found, put in order, and silence each other as documented."""

import ast
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

import pytest

import tests.harness.judging.checks.answer
from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check, CheckError, Symptom
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.registry import all_checks, answer_checks, in_order, judge_by, vocabulary
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, case_with

SUBJECT = answered(case_with(), Answer(content="Hello"))
HARNESS = Path(tests.harness.judging.checks.answer.__path__[0]).parents[2]
Shown = tuple[int | None, str]


def check(name: str, *shown: Shown, requires: Iterable[Check | Symptom] = ()) -> Check:
    def judge(_context: CheckContext) -> Iterator[Finding]:
        yield from (made.finding(symptom, "It is broken.", call=call) for call, symptom in shown)

    made = Check(name, {"broken": "It is.", "bent": "It is."}, "https://x", judge, tuple(requires))
    return made


def found(*chosen: Check, context: CheckContext = SUBJECT) -> list[tuple[str, int | None]]:
    return [(finding.check, finding.call) for finding in judge_by(in_order(chosen), context)]


def at(call: int | None, symptom: str = "broken") -> Shown:
    return call, symptom


def test_each_check_of_an_answer_has_a_file_of_its_own() -> None:
    folder = Path(tests.harness.judging.checks.answer.__path__[0])
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--"}
    assert {known.id for known in answer_checks()} == files


def test_every_check_of_every_folder_is_found() -> None:
    folder = HARNESS / "judging" / "checks"
    files = {path.stem for path in folder.rglob("*.py") if "support" not in path.parts} - {"__init__"}
    assert {known.id.replace("-", "_") for known in all_checks()} == files


def test_required_checks_come_first() -> None:
    seen: set[str] = set()
    for known in answer_checks():
        assert {name.partition("/")[0] for name in known.grounds} <= seen
        seen.add(known.id)


def test_the_vocabulary_names_every_symptom() -> None:
    assert vocabulary()["stream-end"] == {"no-done", "no-clean-close", "after-done"}
    assert "leaked" in vocabulary()["nonce"]


def ids_by_string(path: Path, ids: Set[str]) -> list[str]:
    """Return the ids that stand as strings in a file, alone or with a symptom; not those that may be another word."""
    symptoms = frozenset().union(*vocabulary().values())
    plain = {name for name in ids - symptoms if "-" in name and path.stem != name.replace("-", "_")}
    marked = tuple(f"{name}/" for name in ids)
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [text for text in texts if text in plain or text.startswith(marked)]


@pytest.mark.parametrize(
    "path", sorted(HARNESS.rglob("*.py")), ids=lambda path: str(path.relative_to(HARNESS))
)
def test_no_other_file_knows_a_check_by_its_id(path: Path) -> None:
    assert ids_by_string(path, vocabulary().keys()) == []


def test_an_id_elsewhere_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "far.py").write_text(
        'if finding.check == "unique-ids" or finding.name == "parity/x":\n    pass\n'
    )
    assert ids_by_string(tmp_path / "far.py", vocabulary().keys()) == ["unique-ids", "parity/x"]


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
    below_it = check("a", at(below))
    assert found(check("b", at(above), requires=[below_it]), below_it) == left


def test_checks_that_do_not_require_each_other_both_speak() -> None:
    assert found(check("a", at(None)), check("b", at(None))) == [("a", None), ("b", None)]


def test_what_is_required_is_transitive() -> None:
    a = check("a", at(1))
    b = check("b", requires=[a])
    assert found(a, b, check("c", at(1), requires=[b])) == [("a", 1)]


def test_a_silenced_finding_silences_nothing_of_its_own() -> None:
    a = check("a", at(1))
    b = check("b", at(1), requires=[a])
    assert found(a, b, check("c", at(2), requires=[b])) == [("a", 1), ("c", 2)]


def test_a_single_symptom_can_be_required() -> None:
    for symptom, left in {"bent": [("a", 1)], "broken": [("a", 1), ("b", 1)]}.items():
        a = check("a", at(1, symptom))
        assert found(a, check("b", at(1), requires=[a["bent"]])) == left


def test_all_findings_of_a_check_are_kept() -> None:
    assert found(check("a", at(0), at(1), at(None))) == [("a", 0), ("a", 1), ("a", None)]


def test_a_check_is_not_asked_where_it_could_not_speak() -> None:
    def judge(_context: CheckContext) -> Iterable[Finding]:
        raise AssertionError("asked")

    a = check("a", at(None))
    strict = Check("b", {"broken": "It is."}, "https://x", judge, (a,))
    assert found(a, strict) == [("a", None)]


def test_a_symptom_outside_the_vocabulary_is_a_fault_of_the_check() -> None:
    with pytest.raises(CheckError, match="a finds 'gone'"):
        found(check("a", at(None, "gone")))


def test_two_checks_with_one_id_are_refused() -> None:
    with pytest.raises(CheckError, match="2 checks have the id 'a'"):
        in_order([check("a"), check("a")])


def test_a_symptom_that_is_none_cannot_be_required() -> None:
    with pytest.raises(CheckError, match="a has no symptom 'gone'"):
        _ = check("a")["gone"]
