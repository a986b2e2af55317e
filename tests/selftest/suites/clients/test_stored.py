"""Whole sessions about stored responses: a server that keeps them, and servers that forget, change or ignore them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.selftest.jobs import Job, job
from tests.selftest.scripted import Received, ScriptedServer, Step, whole
from tests.selftest.suites.clients.answers import (
    ARGUMENTS,
    CASE,
    answered,
    good,
    item,
    response,
    responses_events,
    responses_text_events,
    text_item,
)

KEPT = response([item(ARGUMENTS)])


def server(kept: dict[str, Any] | None, second: dict[str, Any] | None = None) -> Any:
    """Keeps `kept` (None: nothing) under the response's id; `second` in place of a right answer to round two."""

    def serve(request: Received) -> Iterable[Step]:
        if request.path == "/v1/responses/resp_0":
            return [
                whole(kept) if kept else whole({"error": {"message": "no", "type": "t"}}, "404 Not Found")
            ]
        if request.path != "/v1/responses":
            return good(request)
        asked = request.json()
        if "previous_response_id" not in asked:
            return answered(asked, responses_events(), KEPT)
        assert (asked["previous_response_id"], asked["input"][0]["call_id"]) == ("resp_0", "call_0")
        if second:
            return [whole(second)]
        return answered(asked, responses_text_events(), response([text_item()]))

    return serve


def session(serve: Any, folder: Path, mode: str = "whole") -> Job:
    with ScriptedServer(serve) as running:
        target = f"{running.url}[profile=fixture-store]"
        return job(folder, "--target", target, "-k", f"test_stored and {CASE.id} and {mode}")


@pytest.mark.parametrize("mode", ["whole", "stream"])
def test_a_server_that_remembers_is_well(mode: str, tmp_path: Path) -> None:
    ended = session(server(KEPT), tmp_path, mode)
    assert ended.status == 0, ended.said
    assert [outcome.result for outcome in ended.run().outcomes] == ["passed"]


@pytest.mark.parametrize(
    ("kept", "second", "told"),
    [
        (None, None, "stored-responses/not-there"),
        (response([item("{}")]), None, "stored-responses/differs"),
        ({"id": "resp_0"}, None, "stored-responses/differs"),
        (KEPT, KEPT, "client-view/no-mention"),
    ],
)
def test_what_is_forgotten_is_a_no_go(
    kept: dict[str, Any] | None, second: dict[str, Any] | None, told: str, tmp_path: Path
) -> None:
    ended = session(server(kept, second), tmp_path)
    assert ended.status == 1, ended.said
    assert told in ended.said


def test_a_profile_that_stores_nothing_is_not_asked(tmp_path: Path) -> None:
    with ScriptedServer(good) as running:
        words = f"{running.url}[profile=fixture]", "-k", f"test_stored and {CASE.id}"
        ended = job(tmp_path, "--target", *words)
    notes = {outcome.note for outcome in ended.run().outcomes}
    assert notes == {"the profile fixture stores no responses"}
