"""A server that fails at good requests too is broken, and does not die of each bad one: nobody waits for its end."""

import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.suites.bad_requests.suite import BadRequestSuite
from tests.selftest.faulty_servers.correct import Wire
from tests.selftest.parrot import answer_store_of


class Failing:
    """Answers each request with an error that tells another number."""

    def __init__(self) -> None:
        self.numbers = count()

    def wire(self, _request: dict[str, Any]) -> Wire:
        return Wire(500, "application/json", (f'{{"error": "no {next(self.numbers)}"}}'.encode(),))


def test_other_words_of_the_same_failure_are_no_death(tmp_path: Path) -> None:
    bad = next(bad for bad in load_bad_requests() if bad.id == "max-tokens-negative")
    with answer_store_of(Failing(), tmp_path) as store:
        store.server.deployment = replace(store.server.deployment, managed=True)
        start = time.monotonic()
        observation = BadRequestSuite(store, 60).probe(bad)
    assert observation.names == {"bad-request/server-error"}
    assert time.monotonic() - start < 10, "it waited for an end that did not come"
