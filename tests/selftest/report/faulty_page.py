"""A pytest plugin whose page cannot be made: `-p tests.selftest.report.faulty_page`."""

import pytest

from tests.harness import reporting


def _raise(*_: object) -> str:
    raise KeyError("a fault of ours")


@pytest.hookimpl
def pytest_configure() -> None:
    reporting.render = _raise
