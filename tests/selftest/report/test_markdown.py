"""The summary of a CI job: verdict, blockers with folded evidence, known issues; never larger than GitHub shows."""

from pathlib import Path

import pytest

from tests.harness.report import markdown as page
from tests.harness.session.rerender import rerender
from tests.selftest.report.folders import HOSTILE, broken, folder_of, many_causes, right

ITEMS = [broken("bad"), right("fine"), broken("old", "sent-twice")]


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "summary.md"
    path.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


def test_it_is_appended_with_the_word_first(summary: Path, tmp_path: Path) -> None:
    rerender([str(folder_of(tmp_path / "b", ITEMS))], None, None)
    text = summary.read_text()
    assert text.startswith("# Before\n## ❌ NO-GO: `process:0.32.0`\n")
    assert "3 cases in 3 items, vLLM 0.32.0" in text
    assert "### What blocks (1)" in text
    assert "<details><summary><b>bad [stream]</b>: arguments-json/glued-twice</summary>" in text
    assert "> event" in text
    assert "| [sent-twice](https://example.org/1?a=1&b=2) | wrong call | 1 |" in text


def test_a_model_s_text_is_no_markup(summary: Path, tmp_path: Path) -> None:
    fence = "````\n</details><b>loud</b>"
    folder = folder_of(tmp_path / "b", [broken("bad", None, HOSTILE), *many_causes(1, fence)])
    rerender([str(folder)], None, None)
    text = summary.read_text("utf-8")
    fenced = [block for block in text.split("\n\n") if block.lstrip("`").startswith("text\n")]
    assert len(fenced) == 2
    for block in fenced:
        fence = block.partition("text")[0]
        assert block.endswith(fence)
        assert fence not in block.removeprefix(fence).removesuffix(fence)


def test_it_stays_within_what_github_shows(
    summary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "LARGEST", 2500)
    rerender([str(folder_of(tmp_path / "b", many_causes(5)))], None, None)
    text = summary.read_text().removeprefix("# Before\n")
    assert len(text.encode()) < 2700
    assert text.startswith("## ❌ NO-GO")
    assert "parts more are in report.html" in text


def test_without_the_variable_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    said = rerender([str(folder_of(tmp_path / "b", ITEMS))], None, None)
    assert [line.split()[0] for line in said] == ["report", "junit"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "missing" / "summary.md"))
    said = rerender([str(folder_of(tmp_path / "b", ITEMS))], None, None)
    assert "summary.md cannot be written (No such file or directory): the job has no summary" in said[-1]
