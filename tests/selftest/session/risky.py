"""A pytest plugin (`-p tests.selftest.session.risky`): Tokyo may crash a server, San Francisco load it."""

import pytest

RISKS = {"weather-tokyo": "crash", "weather-san": "load"}


def pytest_itemcollected(item: pytest.Item) -> None:
    for part, risk in RISKS.items():
        if part in item.nodeid:
            item.add_marker(pytest.mark.risk(risk))
