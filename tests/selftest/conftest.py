"""What is not tested here is said in the end, with the reason: a skip is one letter among thousands.

And how the tests are dealt to workers, where there are some.
"""

from collections import Counter
from typing import Any

import pytest

from tests.selftest.spread import FileScheduling, forget_worker, keep_bytecode


def pytest_configure() -> None:
    """Let no session that a test starts take itself for a part of this one, and none compile everything again."""
    forget_worker()
    keep_bytecode()


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling:
    """Deal files out, where the suite's plugin would deal deployments."""
    return FileScheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each reason for which tests were left out."""
    reasons = Counter(_reason(report) for report in terminalreporter.getreports("skipped"))
    for reason, count in reasons.items():
        tests = "1 test was" if count == 1 else f"{count} tests were"
        terminalreporter.write_line(f"left out  {tests} not run: {reason}", yellow=True)


def _reason(report: pytest.TestReport) -> str:
    _, _, text = report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, str(report.longrepr))
    return text.removeprefix("Skipped: ")
