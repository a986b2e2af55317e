"""Long waits say what they wait for; logs are shown from their end."""

from pathlib import Path

import pytest

from tests.harness.servers import progress
from tests.harness.servers.progress import Progress, last_line, tail, tracebacks_since


def test_a_stage_speaks_at_most_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    lines: list[str] = []
    shown = Progress(lines.append)
    shown.begin("load")
    for second in range(25):
        now[0] = float(second)
        shown.tick(f"line {second}")
    assert lines == ["load      10 s   last: line 10", "load      20 s   last: line 20"]


def test_the_tail_of_a_log_skips_empty_lines_and_survives_bad_bytes(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"first\n\nsecond \xff\n\n   \n")
    assert tail(log, 5) == ["first", "second \ufffd"]
    assert last_line(log) == "second \ufffd"


def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert last_line(tmp_path / "none") == ""
    assert tracebacks_since(tmp_path / "none", 0) == ""


def test_a_long_log_is_not_read_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("x" * 10_000_000 + "\nlast\n")
    assert last_line(log) == "last"


def test_a_traceback_is_found_only_after_the_start(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("Traceback (most recent call last)\n  old\n")
    start = log.stat().st_size
    assert tracebacks_since(log, start) == ""
    with log.open("a") as file:
        file.write("INFO\nERROR Traceback (most recent call last)\nKeyError: 'new'\n")
    assert tracebacks_since(log, start) == "Traceback (most recent call last)\nKeyError: 'new'\n"
