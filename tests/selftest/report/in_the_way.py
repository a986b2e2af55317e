"""A pytest plugin that puts folders where the reports are to be written: `-p tests.selftest.report.in_the_way`."""

from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    for folder in Path(session.config.getoption("--runs")).iterdir():
        (folder / "report.html").mkdir()
        (folder / "junit.xml").mkdir()
