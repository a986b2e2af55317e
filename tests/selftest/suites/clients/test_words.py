"""What a request asks for, in the words of each address and back."""

from dataclasses import replace
from typing import Any

import pytest

from tests.harness.cases.forcing_by_script import script_of
from tests.harness.core.records.split import CHAR
from tests.harness.suites.clients import batch, messages, responses
from tests.harness.suites.clients.endpoint import Address, UnknownTerm
from tests.harness.suites.clients.recording_client import ADDRESSES
from tests.scripted_engine.scripted_engine.script import script_in_prompt
from tests.selftest.suites.clients.answers import CASE, NAME

NAMED = {"type": "function", "function": {"name": NAME}}
FORMAT = {"response_format": {"type": "json_object"}}


@pytest.mark.parametrize(
    ("address", "request_", "said"),
    [
        (messages, {}, {}),
        (messages, {"tool_choice": "auto"}, {"tool_choice": {"type": "auto"}}),
        (messages, {"tool_choice": "none"}, {"tool_choice": {"type": "none"}}),
        (messages, {"tool_choice": "required"}, {"tool_choice": {"type": "any"}}),
        (messages, {"tool_choice": NAMED}, {"tool_choice": {"type": "tool", "name": NAME}}),
        (messages, {"max_tokens": 7}, {"max_tokens": 7}),
        (messages, {"max_completion_tokens": 7}, {"max_tokens": 7}),
        (messages, {"stop": "a"}, {"stop_sequences": ["a"]}),
        (messages, {"stop": ["a", "b"]}, {"stop_sequences": ["a", "b"]}),
        (
            messages,
            {"parallel_tool_calls": False},
            {"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}},
        ),
        (
            messages,
            {"parallel_tool_calls": True, "tool_choice": "required"},
            {"tool_choice": {"type": "any", "disable_parallel_tool_use": False}},
        ),
        (responses, {}, {}),
        (responses, {"tool_choice": "required"}, {"tool_choice": "required"}),
        (responses, {"tool_choice": NAMED}, {"tool_choice": {"type": "function", "name": NAME}}),
        (responses, {"parallel_tool_calls": False}, {"parallel_tool_calls": False}),
        (responses, {"max_tokens": 7}, {"max_output_tokens": 7}),
        (responses, {"max_completion_tokens": 7}, {"max_output_tokens": 7}),
        (batch, {"tool_choice": NAMED, **FORMAT}, {"tool_choice": NAMED, **FORMAT}),
    ],
)
def test_terms_are_said_in_the_words_of_an_address(
    address: Address, request_: dict[str, Any], said: dict[str, Any]
) -> None:
    assert address.terms(request_) == said


@pytest.mark.parametrize(
    ("address", "request_", "named"),
    [
        (messages, FORMAT, "response_format"),
        (messages, {"tool_choice": None}, "tool_choice"),
        (messages, {"tool_choice": {"type": "function"}}, "tool_choice"),
        (messages, {"stop": None}, "stop"),
        (messages, {"parallel_tool_calls": None}, "parallel_tool_calls"),
        (responses, FORMAT, "response_format"),
        (responses, {"stop": ["a"]}, "stop"),
        (responses, {"max_tokens": None}, "max_tokens"),
    ],
)
def test_a_term_without_words_is_named(address: Address, request_: dict[str, Any], named: str) -> None:
    with pytest.raises(UnknownTerm, match=f"^{named}$"):
        address.terms(request_)


@pytest.mark.parametrize(
    ("address", "body", "choice"),
    [
        (messages, {}, "auto"),
        (messages, {"tool_choice": None}, "auto"),
        (messages, {"tool_choice": {"type": "none"}}, "none"),
        (messages, {"tool_choice": {"type": "any"}}, "required"),
        (messages, {"tool_choice": {"type": "tool", "name": NAME}}, "required"),
        (responses, {}, "auto"),
        (responses, {"tool_choice": None}, "auto"),
        (responses, {"tool_choice": "none"}, "none"),
        (responses, {"tool_choice": {"type": "function", "name": NAME}}, "required"),
        (responses, {"tool_choice": {"type": "allowed_tools", "mode": "auto"}}, "auto"),
    ],
)
def test_a_choice_is_read_in_the_words_of_the_chat_address(
    address: Address, body: dict[str, Any], choice: str
) -> None:
    assert address.in_chat_words(body) == {"tool_choice": choice, "max_tokens": None}


def test_limits_and_one_call_are_read_in_the_words_of_the_chat_address() -> None:
    one = {"parallel_tool_calls": False}
    choice = {"type": "any", "disable_parallel_tool_use": True}
    of_messages = messages.in_chat_words({"max_tokens": 7, "tool_choice": choice})
    assert of_messages == {"tool_choice": "required", "max_tokens": 7, **one}
    of_responses = responses.in_chat_words({"max_output_tokens": 7, **one})
    assert of_responses == {"tool_choice": "auto", "max_tokens": 7, **one}
    assert "parallel_tool_calls" not in responses.in_chat_words({"parallel_tool_calls": None})
    assert batch.in_chat_words({"max_tokens": 7, **FORMAT}) == {"max_tokens": 7, **FORMAT}


SCRIPT = script_of("Hi", CHAR)


@pytest.mark.parametrize("endpoint", ["responses", "batch"])
def test_a_script_goes_beside_the_question(endpoint: str) -> None:
    assert ADDRESSES[endpoint].scripted({"model": "m"}, SCRIPT) == {"model": "m", "vllm_xargs": SCRIPT}


@pytest.mark.parametrize("content", ["Say it.", [{"type": "tool_result", "tool_use_id": "toolu_0"}]])
def test_at_messages_a_script_goes_behind_the_last_question(content: Any) -> None:
    before = {"role": "user", "content": "Hello."}
    *first, last = messages.scripted({"messages": [before, {"role": "user", "content": content}]}, SCRIPT)[
        "messages"
    ]
    assert first == [before]
    told = last["content"] if isinstance(content, str) else last["content"][-1]["text"]
    assert last["content"][: len(content)] == content
    script = script_in_prompt(told)
    assert script is not None
    assert (script.text, script.unit) == ("Hi", "character")


def test_a_batch_is_a_list_of_conversations() -> None:
    body = batch.query(CASE, "m", stream=False)
    assert body["messages"] == [[dict(message) for message in CASE.messages]]
    assert (body["stream"], body["tools"][0]["function"]["name"]) == (False, NAME)


def choice(message: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": message, "finish_reason": reason}]}


def test_a_batch_is_answered_as_the_chat_address_does() -> None:
    call = {"id": "c", "type": "function", "function": {"name": NAME, "arguments": "{}"}}
    called = batch.result_of(choice({"tool_calls": [call]}, "tool_calls"))
    assert (called.calls, called.text, called.ending) == (((NAME, "{}"),), "", "tool_calls")
    told = batch.result_of(choice({"content": "Hi", "tool_calls": None}, None))
    assert (told.calls, told.text, told.ending) == ((), "Hi", "")
    chunk = {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}
    assert batch.as_client_reads(batch.joined([chunk])) == replace(told, ending="stop")


def test_a_batch_that_is_no_stream_where_one_was_asked_for_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="no chunk came"):
        batch.joined([])


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "refusal"),
        (None, ""),
    ],
)
def test_why_a_message_ended_is_said_in_the_words_of_the_chat_address(
    reason: str | None, ending: str
) -> None:
    assert messages.result_of({"content": [], "stop_reason": reason}).ending == ending
    ended = {"type": "message_delta", "delta": {"stop_reason": reason}}
    assert messages.streamed([ended]).ending == ending


ITEM = {"type": "function_call", "name": NAME, "arguments": "{}"}


@pytest.mark.parametrize(
    ("response", "ending"),
    [
        ({"status": "completed", "output": []}, "stop"),
        ({"status": "completed", "output": [ITEM]}, "tool_calls"),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [ITEM]},
            "length",
        ),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "content_filter"),
        ({"status": "incomplete", "incomplete_details": None}, "incomplete"),
        ({"status": "failed"}, "failed"),
        ({}, ""),
    ],
)
def test_why_a_response_ended_is_said_in_the_words_of_the_chat_address(
    response: dict[str, Any], ending: str
) -> None:
    assert responses.result_of(response).ending == ending
    added = {"type": "response.output_item.added", "output_index": 0, "item": ITEM}
    events = [
        *([added] if response.get("output") else []),
        {"type": "response.completed", "response": response},
    ]
    assert responses.streamed(events).ending == responses.joined(events).ending == ending
