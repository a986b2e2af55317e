"""Run folders, good and bad."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.core.records.errors import InfrastructureError, UsageProblem
from tests.harness.core.records.run import Footer, Run
from tests.harness.runfolder.read import read_run, require_complete
from tests.harness.runfolder.write import add_outcome, begin_run, end_run
from tests.selftest.gate.runs import HEADER, Saw, outcome

FIRST = outcome("b", Saw(("content/leak=twice",), covered=("must-show",)))
SECOND = outcome("b", Saw(), item="two-calls-\udc80-é")
FOOTER = Footer("2026-11-23T00:01:00+00:00", "NO-GO", "1 case", ("must-show",), 2)


def written(folder: Path, footer: Footer | None = FOOTER) -> Path:
    begin_run(folder, HEADER)
    add_outcome(folder, FIRST)
    add_outcome(folder, SECOND)
    if footer:
        end_run(folder, footer)
    return folder / "run.jsonl"


def test_what_was_written_is_read(tmp_path: Path) -> None:
    written(tmp_path)
    assert read_run(tmp_path) == Run(tmp_path, HEADER, (FIRST, SECOND), FOOTER)


def test_a_later_line_about_an_item_stands_for_it(tmp_path: Path) -> None:
    begin_run(tmp_path, HEADER)
    for entry in (FIRST, SECOND, replace(FIRST, result="error", note="teardown")):
        add_outcome(tmp_path, entry)
    end_run(tmp_path, replace(FOOTER, outcomes=3))
    assert [entry.result for entry in read_run(tmp_path).outcomes] == ["passed", "error"]


@pytest.mark.parametrize("cut", [1, 40])
def test_a_killed_run_is_readable_and_incomplete(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, footer=None)
    path.write_bytes(path.read_bytes()[:-cut])
    run = read_run(tmp_path)
    assert (run.outcomes, run.footer) == ((FIRST,), None)
    with pytest.raises(
        UsageProblem, match="cannot be a baseline: it is incomplete, its session was ended before"
    ):
        require_complete(run, "a baseline")


def test_a_run_without_its_footer_is_incomplete_even_if_all_lines_are_whole(tmp_path: Path) -> None:
    written(tmp_path, footer=None)
    assert read_run(tmp_path).footer is None


def test_two_sessions_do_not_share_a_folder(tmp_path: Path) -> None:
    begin_run(tmp_path, HEADER)
    with pytest.raises(InfrastructureError, match="another session began in the same second"):
        begin_run(tmp_path, HEADER)


def _changed(number: int, **change: object) -> Callable[[list[str]], list[str]]:
    def change_line(lines: list[str]) -> list[str]:
        lines[number] = json.dumps({**json.loads(lines[number]), **change}) + "\n"
        return lines

    return change_line


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda _: [], "the file is empty or cut off in its first line"),
        (lambda lines: [lines[0][:20]], "the file is empty or cut off in its first line"),
        (lambda _: ["hello\n"], "run.jsonl:1: damaged: not JSON"),
        (lambda _: ["[1]\n"], "run.jsonl:1: no run file of this suite: its first line is no header"),
        (lambda lines: lines[1:], "run.jsonl:1: no run file of this suite: its first line is no header"),
        (_changed(0, schema=5), "files of version 5, and this suite reads version 4: a newer suite wrote it"),
        (_changed(0, schema=3), "files of version 3, and this suite reads version 4: record it again"),
        (_changed(0, model=7), "run.jsonl:1: damaged: model: 7 is not of type 'string'"),
        (_changed(1, result="perhaps"), "run.jsonl:2: damaged: result: 'perhaps' is not one of"),
        (_changed(1, extra=1), "run.jsonl:2: damaged: the line: Additional properties are not allowed"),
        (_changed(1, answers=[{}]), "run.jsonl:2: damaged: answers.0: 'case' is a required property"),
        (_changed(1, type="remark"), "run.jsonl:2: damaged: neither header nor outcome nor footer"),
        (lambda lines: [lines[0], lines[0]], "run.jsonl:2: damaged: a second header"),
        (lambda lines: [*lines, lines[1]], "run.jsonl:5: damaged: it goes on after its footer"),
        (lambda lines: [lines[0], lines[1], lines[3]], "damaged: it holds 1 outcomes, and its footer counts 2"),
        (lambda lines: [lines[0], lines[1][:30] + "\n", *lines[2:]], "run.jsonl:2: damaged: not JSON"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_in_one_sentence(
    tmp_path: Path, damage: Callable[[list[str]], list[str]], says: str
) -> None:
    path = written(tmp_path)
    path.write_text("".join(damage(path.read_text().splitlines(keepends=True))))
    with pytest.raises(UsageProblem) as problem:
        read_run(tmp_path)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_bad_folders_are_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "notes.txt").write_text("x")
    for name, says in {
        "missing": "missing: no such folder; the line `run` under a verdict names",
        "empty": "empty: the folder is empty: its session ended before anything was written",
        "foreign": "foreign: no run folder: it holds no run.jsonl; the line `run` under a verdict names",
        "foreign/notes.txt": "notes.txt: is a file, no run folder",
    }.items():
        with pytest.raises(UsageProblem) as problem:
            read_run(tmp_path / name)
        assert says in str(problem.value)
