"""A client's result, and the line that shows it."""

import pytest

from tests.harness.core.records.client_result import ClientResult

CALL = (("get", "{}"),)


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (ClientResult(CALL, "", "tool_calls"), "calls: get {}; text: ''; tools are to be run"),
        (ClientResult((), "Hi", "length"), "calls: none; text: 'Hi'; cut at a limit"),
        (ClientResult((), "Hi", "stop"), "calls: none; text: 'Hi'"),
        (ClientResult((), error="KeyError: 'x'"), "KeyError: 'x'"),
    ],
)
def test_a_result_is_shown_in_a_line(result: ClientResult, shown: str) -> None:
    assert result.shown == shown


def test_tools_are_to_be_run_where_the_ending_says_so() -> None:
    assert ClientResult((), "", "tool_calls").ended_for_calls
    assert not any(ClientResult(CALL, "", ending).ended_for_calls for ending in ("stop", "length", ""))


def test_what_is_kept_for_the_next_round_makes_no_other_result() -> None:
    assert ClientResult(CALL, turn=({"id": "a"},)) == ClientResult(CALL)
    assert ClientResult(CALL, ending="stop") != ClientResult(CALL)
