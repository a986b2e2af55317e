"""A refusal is read in the form that clients of its address know."""

import json
from typing import Any

import pytest

from tests.harness.judging.checks.support.refusals import Refusal, refusal_of

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
ERROR = {"message": "max_tokens is wrong", "type": "invalid_request_error"}
CLEAR = Refusal("max_tokens is wrong", ())


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        (CHAT, {"error": ERROR}, CLEAR),
        (CHAT, {"type": "error", "error": ERROR}, CLEAR),
        ("/v1/responses", {"error": ERROR}, CLEAR),
        (MESSAGES, {"type": "error", "error": ERROR}, CLEAR),
        (MESSAGES, {"error": ERROR}, Refusal("max_tokens is wrong", ("type of the whole",))),
        ("/v1/messages/count_tokens", {"error": ERROR}, Refusal(CLEAR.message, ("type of the whole",))),
        (MESSAGES, {"error": {"type": "x"}}, Refusal("", ("message", "type of the whole"))),
        (MESSAGES, {"type": "error", "error": "no"}, None),
        (MESSAGES, {"detail": "no"}, None),
    ],
)
def test_a_path_has_its_form(path: str, body: dict[str, Any], refusal: Refusal | None) -> None:
    assert refusal_of(400, json.dumps(body), path) == refusal


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_the_web_framework_has_a_form_of_its_own(path: str) -> None:
    body = json.dumps({"detail": "Not Found"})
    assert refusal_of(404, body, path) == Refusal("Not Found", ())
    assert refusal_of(400, body, path) is None
    assert refusal_of(400, body, path, before_api=True) == Refusal("Not Found", ())
