from pathlib import Path

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.gate.accepted import accepted_text, read_accepted
from tests.harness.gate.compare import compare
from tests.harness.gate.decision_table import Rules
from tests.selftest.gate.runs import Saw, outcome, run

RUN = run(
    "b",
    outcome("b", Saw(("content/leak=twice", "arguments-json/empty"), "ab12"), Saw(split="every-5"), item="z"),
    outcome("b", Saw(split="natural", turn=2), item="quote-\"-and-del-\x7f"),
    outcome("b", item="none", note="no forcing here"),
)  # fmt: skip


def written(folder: Path, text: str) -> Path:
    path = folder / "b.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_run_agrees_with_its_own_file(tmp_path: Path) -> None:
    accepted = read_accepted(written(tmp_path, accepted_text(RUN)))
    found = compare(accepted, RUN, Rules())
    assert {row.kind for row in found.rows} == {"broken", "unchanged"}
    assert len(found.rows) == 3
    assert (found.differs, found.reasons) == ((), ())


def test_the_file_is_sorted_and_a_line_an_answer() -> None:
    text = accepted_text(RUN)
    assert text == accepted_text(run("b", *reversed(RUN.outcomes)))
    assert '  "char 1 ab12 arguments-json/empty content/leak=twice",\n  "every-5 1 r",\n' in text
    assert text.index("test_x[none]") < text.index("test_x[z]")
    assert "2026" not in text, "the time would be a change in every diff"


def test_known_issues_are_remembered(tmp_path: Path) -> None:
    """Else a defect that comes and goes looks fixed."""
    accepted = read_accepted(
        written(tmp_path, accepted_text(run("a", outcome("a", Saw(("content/leak=twice",))))))
    )
    (row,) = compare(accepted, run("b", outcome("b", Saw())), Rules(by_chance=["twice"])).rows
    assert (row.kind, row.issues) == ("flaky", ("twice",))


def test_a_change_is_seen(tmp_path: Path) -> None:
    text = accepted_text(RUN).replace("char 1 ab12", "char 1 cd34").replace("every-5", "every-8")
    rows = compare(read_accepted(written(tmp_path, text)), RUN, Rules()).rows
    assert [row.kind for row in rows] == ["coverage", "coverage", "changed", "unchanged"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("schema = 4", "schema = 5", "a file of version 5; this suite reads version 4"),
        ("char 1 ab12", "char ab12", "answers.0"),
        ("content/leak=", "leak=", "a finding is written check/symptom"),
        ('case = "one-call"', "case = 1", "field item.0.case"),
        ("[[item]]", "[[item", "not TOML"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = written(tmp_path, accepted_text(RUN).replace(old, new, 1))
    with pytest.raises(UsageProblem, match=r"b\.toml") as problem:
        read_accepted(path)
    assert says in str(problem.value)
