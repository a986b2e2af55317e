"""What is not tested here is said in the end, with the reason: a skip is one letter among thousands."""

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each reason for which tests were left out."""
    reasons = Counter(_reason(report) for report in terminalreporter.getreports("skipped"))
    for reason, count in reasons.items():
        tests = "1 test was" if count == 1 else f"{count} tests were"
        terminalreporter.write_line(f"left out  {tests} not run: {reason}", yellow=True)


def _reason(report: pytest.TestReport) -> str:
    _, _, text = report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, str(report.longrepr))
    return text.removeprefix("Skipped: ")
