"""The request that is made wrong is right in the words of its address."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.core.records.bad_request import BadRequest
from tests.harness.suites.bad_requests.wording import ENOUGH, QUESTION, content_of, good_body

CHAT, MESSAGES, RESPONSES = "/v1/chat/completions", "/v1/messages", "/v1/responses"


@pytest.mark.parametrize(
    ("path", "question", "limit", "schema"),
    [
        (CHAT, "messages", "max_tokens", lambda tool: tool["function"]["parameters"]),
        ("/tokenize", "messages", "max_tokens", lambda tool: tool["function"]["parameters"]),
        (MESSAGES, "messages", "max_tokens", lambda tool: tool["input_schema"]),
        (RESPONSES, "input", "max_output_tokens", lambda tool: tool["parameters"]),
    ],
)
def test_a_good_body_has_its_words_and_no_others(
    path: str, question: str, limit: str, schema: Callable[[Any], Any]
) -> None:
    body = good_body("m", path)
    assert schema(body["tools"][0])["type"] == "object"
    assert (body["model"], body[question], body[limit]) == (
        "m",
        [{"role": "user", "content": QUESTION}],
        ENOUGH,
    )
    assert (
        len({"messages", "input"} & body.keys())
        == len({"max_tokens", "max_output_tokens"} & body.keys())
        == 1
    )


def test_the_chat_address_is_meant_where_none_is_named() -> None:
    assert good_body("m") == good_body("m", CHAT)


@pytest.mark.parametrize("path", [CHAT, MESSAGES, RESPONSES])
def test_what_is_wrong_is_put_into_the_body_of_its_address(path: str) -> None:
    bad = BadRequest("a", "bad-x", "No model.", "POST", path, set={"tools": 7}, remove=("model",))
    good = good_body("m", path)
    assert json.loads(content_of(bad, "m")) == {
        **{name: good[name] for name in good if name != "model"},
        "tools": 7,
    }
