"""Failing items that say nothing new take one line each of what pytest prints in the end, and no block."""

from collections.abc import Generator

import pytest

from tests.harness.suites.seen_causes import AS_BEFORE


class RepeatedFailures:
    """A plugin object: pytest calls its hooks."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        """Keep such items from pytest while it prints the failures, and tell of them behind; they count as failed."""
        failed = terminalreporter.stats.get("failed", [])
        repeated = [report for report in failed if _is_repeated(report)]
        if not repeated:
            yield
            return
        terminalreporter.stats["failed"] = [report for report in failed if report not in repeated]
        try:
            yield
        finally:
            terminalreporter.stats["failed"] = failed
        if terminalreporter.hasopt("f"):
            for report in repeated:
                terminalreporter.write_line(f"FAILED {report.nodeid} - {report.longrepr}")


def _is_repeated(report: pytest.TestReport) -> bool:
    return isinstance(report.longrepr, str) and report.longrepr.startswith(AS_BEFORE)
