"""A plugin for self-tests: says, once all is collected, whether the session is about a part of the tests."""

import pytest

from tests.harness.session.collect import PLUGIN


def pytest_collection_finish(session: pytest.Session) -> None:
    collector = session.config.pluginmanager.getplugin(PLUGIN)
    print(f"partial: {collector.partial}")  # noqa: T201
