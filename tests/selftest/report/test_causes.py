"""The causes of a no-go as they are read: ten in a terminal, all on the page, a single finding in a line."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.core.records.cause import Cause
from tests.harness.report import write_reports
from tests.harness.report.causes import LISTED, cause_lines, causes_of_run, description_of
from tests.harness.report.evidence_reader import EvidenceReader
from tests.harness.runfolder.basis import read_basis
from tests.harness.runfolder.read import read_run
from tests.harness.session.rerender import rerender
from tests.selftest.report.folders import broken, folder_of, many_causes, right


def causes_in(folder: Path) -> tuple[list[Cause], EvidenceReader]:
    run = read_run(folder)
    reader = EvidenceReader(run)
    return causes_of_run(run, read_basis(folder), reader), reader


def lines_of(folder: Path) -> list[str]:
    causes, reader = causes_in(folder)
    return cause_lines(causes, reader.of_cause)


def test_a_single_finding_is_a_line(tmp_path: Path) -> None:
    assert lines_of(folder_of(tmp_path / "b", [broken("bad"), right("fine")])) == [
        "          blocks  bad [stream]   arguments-json/glued-twice"
    ]


def test_a_cause_of_many_items_says_how_often_and_how_to_see_it_again(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "b", [broken("large", value="a" * 50), broken("small"), broken("larger", value="a" * 90)]
    )
    first, *told = lines_of(folder)
    assert first == "          blocks  small [stream]   arguments-json/glued-twice   6 answers in 3 cases"
    assert [line.split()[0] for line in told] == ["expected", "got", "again", "by"]
    assert "-k 'test_forced[b-small-stream]'" in told[2]
    assert "curl -sN http://HOST:PORT/v1/chat/completions" in told[3]


def test_the_smallest_case_is_that_of_the_shortest_text(tmp_path: Path) -> None:
    long = broken("long")
    long = replace(long, case=replace(long.case, text='get key "a"' * 50))
    short = broken("short", value="abc")
    short = replace(short, case=replace(short.case, text='get key "abc"'))
    ((cause,), _) = causes_in(folder_of(tmp_path / "b", [long, short]))
    assert cause.answer.case == "short"


def test_a_terminal_shows_ten_and_says_how_many_more(tmp_path: Path) -> None:
    lines = lines_of(folder_of(tmp_path / "b", many_causes(LISTED + 3)))
    assert len([line for line in lines if " blocks " in line]) == LISTED + 1
    assert lines[-1] == "          blocks  and 3 causes more, all of them in report.html"


def test_the_page_and_junit_have_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        write_reports, "render", lambda reports, _: str([entry.title for entry in reports[0].blockers])
    )
    folder = folder_of(tmp_path / "b", many_causes(LISTED + 3))
    rerender([str(folder)], None, None)
    assert (folder / "report.html").read_text().count("item-") == LISTED + 3
    assert 'name="cause 13"' in (folder / "junit.xml").read_text()


def test_a_damaged_recording_keeps_nothing_back(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b", [broken("bad"), broken("worse")])
    causes, _ = causes_in(folder)
    text = (folder / "exchanges.jsonl").read_text()
    (folder / "exchanges.jsonl").write_text(text.replace('"frames"', '"farmes"'))
    found, reader = causes_in(folder)
    assert [description_of(cause) for cause in found] == [description_of(cause) for cause in causes]
    assert any("damaged" in line for line in reader.of_cause(found[0]))
