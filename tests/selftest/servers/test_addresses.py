"""What a server lists and the suite does not know is said."""

from typing import Any

import pytest

from tests.harness.servers.addresses import known_addresses, listed_addresses, not_judged
from tests.selftest.scripted import ScriptedServer, whole


def listed(answer: dict[str, Any], status: str = "200 OK") -> frozenset[str] | None:
    with ScriptedServer(lambda _: [whole(answer, status)]) as server:
        return listed_addresses(server.url, None)


def test_the_paths_are_those_of_the_listing() -> None:
    assert listed({"paths": {"/v1/chat/completions": {}, "/v1/new": {}}}) == {
        "/v1/chat/completions",
        "/v1/new",
    }


@pytest.mark.parametrize("answer", [{}, {"paths": 5}, {"paths": None}])
def test_a_server_that_does_not_say_lists_nothing(answer: dict[str, Any]) -> None:
    assert listed(answer) is None
    assert not_judged(None) == ()


def test_what_is_not_known_is_not_judged() -> None:
    assert not_judged(frozenset({"/v1/chat/completions", "/health", "/v1/new", "/a"})) == ("/a", "/v1/new")
    assert "/v1/chat/completions" in known_addresses()
