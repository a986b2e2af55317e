"""Reports from folders alone: complete runs and killed ones, damaged files, places that cannot be written."""

from pathlib import Path

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.runfolder.basis import read_basis
from tests.harness.session.rerender import rerender
from tests.selftest.jobs import Job, job
from tests.selftest.report.folders import KNOWN, broken, folder_of, right
from tests.selftest.talking_server import Talker, defect, talking

ITEMS = [right("fine"), broken("bad")]


def page(folder: Path) -> str:
    return (folder / "report.html").read_text("utf-8")


def test_a_session_writes_its_reports_and_says_where(tmp_path: Path) -> None:
    with talking(Talker(defect("duplicate_ids"))) as server:
        gate = job(tmp_path, "--target", server.url, "-k", "test_query and tokyo")
    assert gate.status == 1
    (folder,) = gate.runs
    assert f"          report  {folder / 'report.html'}" in gate.said.splitlines()
    assert f"          junit   {folder / 'junit.xml'}" in gate.said.splitlines()
    assert "NO-GO" in page(folder)
    assert "call-identity/duplicate-id" in page(folder)


def test_a_place_that_cannot_be_written_changes_no_verdict(tmp_path: Path) -> None:
    with talking() as server:
        words = (
            "-p",
            "tests.selftest.report.in_the_way",
            "--target",
            server.url,
            "-k",
            "test_query and tokyo",
        )
        gate = job(tmp_path, *words)
    assert gate.status == 0, gate.said
    assert f"GO (part) {server.url}: " in gate.said
    for name in ("report.html", "junit.xml"):
        assert (
            f"{gate.runs[0] / name} cannot be written (Is a directory); the verdict stands as it is"
            in gate.said
        )


def faulty_gate(runs: Path, url: str, fault: str) -> Job:
    words = ("-p", "tests.selftest.report.faults_of_ours", "--target", url, "-k", "test_query and tokyo")
    return job(runs, *words, FAULT_IN=fault)


def test_a_fault_of_ours_in_the_page_is_not_taken_for_a_verdict(tmp_path: Path) -> None:
    with talking() as server:
        gate = faulty_gate(tmp_path, server.url, "report.write_reports.render")
    assert f"GO (part) {server.url}: " in gate.said
    assert "FAULT     of the suite itself: no report is written; the verdict above stands" in gate.said
    assert "KeyError: 'a fault of ours'" in gate.said
    assert gate.status == 3, gate.said


def test_a_fault_of_ours_in_the_verdict_is_not_taken_for_one(tmp_path: Path) -> None:
    with talking() as server:
        gate = faulty_gate(tmp_path, server.url, "session.finish.verdict_of")
    assert "FAULT     of the suite itself: no verdict is drawn" in gate.said
    assert "KeyError: 'a fault of ours'" in gate.said
    assert gate.status == 3, gate.said


def test_a_damaged_recording_is_a_sentence(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b", ITEMS)
    path = folder / "exchanges.jsonl"
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[0])
    (line,) = rerender([str(folder)], None, None)
    assert line.startswith(f"no report is written: {path}:")
    assert "the key of an earlier line again" in line


def test_the_option_makes_them_again_and_stops(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b", ITEMS)
    ended = job(tmp_path / "none", f"--report={folder}", f"--report-file={tmp_path / 'mine.html'}")
    assert ended.status == 0, ended.said
    assert ended.said.splitlines()[0] == f"report  {tmp_path / 'mine.html'}"
    assert ended.runs == ()


def test_several_runs_are_columns(tmp_path: Path) -> None:
    versions = ("0.24.0", "0.31.0", "0.32.0")
    folders = [
        folder_of(tmp_path / version, ITEMS, vllm_version=version, target=f"process:{version}")
        for version in versions
    ]
    rerender([str(folder) for folder in folders], None, None)
    assert all(f'"short":"{version}"' in page(folders[-1]) for version in versions)
    assert not (folders[0] / "report.html").exists()


def test_a_narrowed_run_is_one_against_a_baseline_too(tmp_path: Path) -> None:
    whole, part = folder_of(tmp_path / "a", ITEMS), folder_of(tmp_path / "b", [ITEMS[0]])
    path = part / "run.jsonl"
    path.write_text(path.read_text().replace('"partial":false', '"partial":true'))
    rerender([str(part)], str(whole), None)
    assert '"word":"GO (part)"' in page(part)
    assert "coverage change" not in page(part)


def test_a_killed_run_is_no_verdict(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b", ITEMS, None)
    rerender([str(folder)], None, None)
    assert "NO VERDICT" in page(folder)
    assert "Incomplete run." in page(folder)


def test_a_run_of_before_has_no_basis_and_is_told_all_the_same(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b", ITEMS)
    (folder / "basis.json").unlink()
    assert read_basis(folder).cases == ()
    rerender([str(folder)], None, None)
    assert "NO-GO" in page(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "damaged: it cannot be read"),
        ('{"schema":4}', "a file of version 4, and this suite reads version 3"),
        ('{"schema":3,"cases":[],"defects":[{"id":1}]}', "damaged: defects.0"),
        ("[]", "damaged: the file"),
    ],
)
def test_a_damaged_basis_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    folder = folder_of(tmp_path / "b", ITEMS)
    (folder / "basis.json").write_text(text)
    with pytest.raises(UsageProblem, match=said):
        read_basis(folder)
    (line,) = rerender([str(folder)], None, None)
    assert line.startswith("no report is written: ")


def test_what_was_judged_by_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = read_basis(folder_of(tmp_path / "b", ITEMS))
    assert [(case.id, case.topic, case.calls) for case in found.cases] == [
        (item.case.id, item.case.topic, item.case.calls) for item in ITEMS
    ]
    assert [(entry.id, entry.upstream) for entry in found.defects] == [(KNOWN.id, KNOWN.upstream)]


def test_a_server_is_no_baseline_of_a_report(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="--report asks no server"):
        rerender([str(folder_of(tmp_path / "b", ITEMS))], "process:0.31.0", None)


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    ended = job(tmp_path / "none", f"--report={tmp_path / 'nothing'}")
    assert ended.status == 4
    assert "no such folder" in ended.said
