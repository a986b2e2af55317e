"""A forced text at `/v1/responses` against the same text at the chat address."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness.cases.forcing import BY_SCRIPT
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.split import CHAR
from tests.harness.judging.judge import Judge
from tests.harness.runfolder.archive import Archive
from tests.harness.suites.clients import messages
from tests.harness.suites.clients.forced_callers import ForcedCallers
from tests.harness.suites.clients.responses import forcing_skip_reason
from tests.harness.suites.clients.suite import ClientSuite
from tests.harness.suites.confirmation import ATTEMPTS_OF_TWO_STREAMS as ATTEMPTS
from tests.harness.suites.forced import ForcedSuite
from tests.scripted_engine.scripted_engine.script import script_in_prompt
from tests.selftest.scripted import Received, ScriptedServer, Step, whole
from tests.selftest.suites.clients.answers import ARGUMENTS, CASE, NAME, item, response, text_item
from tests.selftest.suites.load.busy_server import recordings_at

TEXT = f'[{{"name": "{NAME}", "arguments": {ARGUMENTS}}}]'
FORCED = replace(CASE, text=TEXT)
ECHO = response([{**text_item(), "content": [{"type": "output_text", "text": TEXT, "annotations": []}]}])
CHAT = {
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {
                "role": "assistant",
                "tool_calls": [
                    {"id": "c", "type": "function", "function": {"name": NAME, "arguments": ARGUMENTS}}
                ],
            },
        }
    ]
}
Serve = Callable[[Received], Iterable[Step]]


def server(
    answers: Iterator[dict[str, Any] | None], echo: dict[str, Any] | None, chat: dict[str, Any] | None
) -> Serve:
    """`answers` to forced questions at `/v1/responses`, `echo` where no tools are on offer; None: status 500."""

    def serve(request: Received) -> Iterable[Step]:
        if request.method == "GET":
            return [whole({})]
        asked = request.json()
        if request.path == "/v1/chat/completions":
            return [said(chat)]
        assert asked["structured_outputs"]["grammar"].startswith("root ::= ")
        assert asked["max_output_tokens"] > len(TEXT)
        return [said(next(answers) if "tools" in asked else echo)]

    return serve


def said(answer: dict[str, Any] | None) -> bytes:
    if answer is None:
        return whole({}, "500 Internal Server Error")
    return whole({}, answer["status"]) if answer.keys() == {"status"} else whole(answer)


def forced(
    answers: list[dict[str, Any] | None],
    folder: Path,
    echo: dict[str, Any] | None = ECHO,
    chat: dict[str, Any] | None = CHAT,
) -> tuple[set[str], str]:
    """The findings, and the note."""

    with (
        ScriptedServer(server(iter(answers), echo, chat)) as running,
        recordings_at(running.url, folder) as answer_store,
    ):
        client_suite = ClientSuite(answer_store)
        forced_suite = ForcedSuite(answer_store, Judge((), "0.32.0"), "default")
        callers = ForcedCallers(answer_store, client_suite, forced_suite, "0.32.0")
        sight = callers.forced("responses", FORCED, "whole")
        callers.close()
        forced_suite.close()
        client_suite.close()
        return {finding.name for finding in sight.findings}, sight.note


SAME, OTHER = response([item(ARGUMENTS)]), response([item("{}")])


def test_the_same_is_the_same(tmp_path: Path) -> None:
    assert forced([SAME], tmp_path) == (set(), "")


def test_a_difference_that_comes_each_time_is_a_finding(tmp_path: Path) -> None:
    assert forced([OTHER] * ATTEMPTS, tmp_path) == ({"client-view/other-than-chat"}, "")


def test_all_attempts_are_kept_and_found_by_their_names(tmp_path: Path) -> None:
    forced([OTHER, OTHER, SAME], tmp_path)
    kept = [key for key in Archive(tmp_path).places if key.case.endswith("/responses/forced")]
    assert [key.attempt for key in kept] == [0, 1, 2]


@pytest.mark.parametrize("times", range(1, ATTEMPTS))
def test_a_difference_that_does_not_come_each_time_is_noted(times: int, tmp_path: Path) -> None:
    noted = f"depends on load: client-view/other-than-chat came {times} of {times + 1} times"
    assert forced([*[OTHER] * times, SAME], tmp_path) == (set(), noted)


def test_what_merged_deltas_cannot_explain_counts_at_once(tmp_path: Path) -> None:
    assert forced([None, SAME], tmp_path) == ({"client-view/refused"}, "")
    noted = "depends on load: client-view/other-than-chat came 2 of 3 times"
    assert forced([OTHER, OTHER, None], tmp_path / "later") == ({"client-view/refused"}, noted)


def test_an_answer_that_the_chat_address_refused_is_compared_with_nothing(tmp_path: Path) -> None:
    assert forced([SAME], tmp_path, chat=None) == (set(), "")


def test_a_text_that_was_not_forced_shows_nothing(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="could not be forced at /v1/responses"):
        forced([OTHER], tmp_path, echo=response([text_item()]))


def test_a_server_that_fails_at_the_echo_is_broken(tmp_path: Path) -> None:
    assert forced([OTHER], tmp_path, echo=None) == ({"client-view/refused"}, "")


def test_an_echo_that_is_refused_is_told_with_its_status(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="the echo gave status 400"):
        forced([OTHER], tmp_path, echo={"status": "400 Bad Request"})


def test_a_release_that_was_never_seen_to_force_here_is_not_asked() -> None:
    assert "never seen before vLLM 0.20.2, and this is 0.11.0" in forcing_skip_reason(
        "0.11.0", scripted=False
    )
    assert [forcing_skip_reason(version, scripted=False) for version in ("0.20.2", "0.33.0rc1", "dev")] == [
        "",
        "",
        "",
    ]


def test_at_messages_the_script_goes_with_the_question() -> None:
    body = BY_SCRIPT.forced_body(FORCED, CHAR, "stream", "m", ())
    asked = messages.forced(FORCED, body)
    script = script_in_prompt(asked["messages"][-1]["content"])
    assert script is not None
    assert (script.text, script.unit) == (TEXT, "character")
    assert asked["stream"] is True
    assert asked["tools"][0]["name"] == NAME
    assert messages.forcing_skip_reason("0.33.0", scripted=True) == ""
    assert "by a script alone" in messages.forcing_skip_reason("0.33.0", scripted=False)


def test_at_messages_a_call_without_deltas_has_no_arguments_until_it_is_joined() -> None:
    events = [
        {"type": "content_block_start", "content_block": {"type": "tool_use", "name": "get", "input": {}}},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
    ]
    assert messages.streamed(events).calls == (("get", ""),)
    assert messages.joined(events).calls == (("get", "{}"),)
