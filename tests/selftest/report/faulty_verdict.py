"""A pytest plugin under which no verdict can be drawn: `-p tests.selftest.report.faulty_verdict`."""

import pytest

from tests.harness import closing


def _raise(*_: object) -> str:
    raise KeyError("a fault of ours")


@pytest.hookimpl
def pytest_configure() -> None:
    closing.decide = _raise
