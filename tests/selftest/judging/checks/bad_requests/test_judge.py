"""Each symptom of a refusal that is none is seen, alone."""

import json

import pytest

from tests.harness.core.records.bad_request import BadRequest, Reaction
from tests.harness.judging.checks.bad_requests.bad_request import CHECK, judge_reaction
from tests.harness.suites.bad_requests.wording import content_of, repeatable_text

BAD = BadRequest("a", "bad-x", "Half a token.", "POST", "/v1/chat/completions", names=("max_tokens",))
TOOL = BadRequest("t", "bad-x", "A tool of no kind.", "POST", "/v1/chat/completions", names=("tool",))
N = BadRequest("n", "bad-x", "No answer at all.", "POST", "/v1/chat/completions", names=("n",))
KEY = BadRequest("k", "bad-x", "No key.", "POST", "/v1/chat/completions", status=401)
UNREAD = BadRequest("u", "bad-x", "No UTF-8.", "POST", "/v1/chat/completions", before_api=True)
LENIENT = BadRequest("l", "bad-x", "A NUL.", "POST", "/v1/chat/completions", may_accept="it is legal")
OF_MESSAGES = BadRequest("m", "bad-x", "Half a token.", "POST", "/v1/messages", names=("max_tokens",))
GOOD = b'{"error": {"message": "max_tokens must be a whole number", "type": "BadRequestError", "param": "max_tokens"}}'
OTHER = b'{"error": {"message": "something is wrong", "type": "BadRequestError"}}'
TRACE = b'{"error": {"message": "max_tokens: Traceback (most recent call last): ...", "type": "x"}}'
PATH = b'{"error": {"message": "max_tokens in /usr/lib/python3/site-packages/a.py", "type": "x"}}'

SEEN = [
    (BAD, Reaction(400, GOOD), ""),
    (OF_MESSAGES, Reaction(400, b'{"type": "error", ' + GOOD[1:]), ""),
    (OF_MESSAGES, Reaction(400, GOOD), "silent"),
    (BAD, Reaction(422, b'{"detail": [{"loc": ["body", "max_tokens"]}]}'), "no-error-object"),
    (BAD, Reaction(400, b'{"object": "error", "message": "max_tokens"}'), "silent"),
    (BAD, Reaction(400, b'{"object": "error", "message": "max_tokens", "type": "x"}'), ""),
    (BAD, Reaction(400, b'{"error": {"message": "max_tokens"}}'), "silent"),
    (BAD, Reaction(400, b'{"error": {"message": "", "type": "x", "param": "max_tokens"}}'), "silent"),
    (BAD, Reaction(400, b'{"error": {"message": "max_tokenssss", "type": "x"}}'), "no-field"),
    (BAD, Reaction(400, b'{"error": {"message": "max_tokens_limit", "type": "x"}}'), "no-field"),
    (TOOL, Reaction(400, b'{"error": {"message": "the tools are none", "type": "x"}}'), ""),
    (TOOL, Reaction(400, b'{"error": {"message": "tool_choice is none", "type": "x"}}'), "no-field"),
    (TOOL, Reaction(400, b'{"error": {"message": "a toolbox", "type": "x"}}'), "no-field"),
    (KEY, Reaction(401, b'{"error": "Unauthorized"}'), ""),
    (UNREAD, Reaction(400, b'{"detail": "There was an error parsing the body"}'), ""),
    (BAD, Reaction(400, b'{"detail": "There was an error parsing the body"}'), "no-error-object"),
    (LENIENT, Reaction(404, b'{"detail": "Not Found"}'), ""),
    (LENIENT, Reaction(400, b'{"detail": "Not Found"}'), "no-error-object"),
    (BAD, Reaction(200, b"{}"), "accepted"),
    (LENIENT, Reaction(200, b"{}"), ""),
    (LENIENT, Reaction(500, GOOD), "server-error"),
    (LENIENT, Reaction(400, b"no"), "no-error-object"),
    (BAD, Reaction(500, GOOD), "server-error"),
    (BAD, Reaction(503, b""), "server-error"),
    (BAD, Reaction(None, broken="ReadError: reset"), "no-answer"),
    (BAD, Reaction(302, GOOD), "odd-status"),
    (KEY, Reaction(400, OTHER), "odd-status"),
    (KEY, Reaction(401, OTHER), ""),
    (BAD, Reaction(400, b"<html>no</html>"), "no-error-object"),
    (BAD, Reaction(400, b'{"error": 5}'), "no-error-object"),
    (BAD, Reaction(400, b'["max_tokens"]'), "no-error-object"),
    (BAD, Reaction(400, OTHER), "no-field"),
    (
        N,
        Reaction(400, b'{"error": {"message": "Bad request.", "type": "invalid_request_error"}}'),
        "no-field",
    ),
    (N, Reaction(400, b'{"error": {"message": "n must be at least 1, got 0.", "type": "x"}}'), ""),
    (N, Reaction(400, b'{"error": {"message": "Bad request.", "type": "x", "param": "n"}}'), ""),
    (
        BAD,
        Reaction(400, b'{"error": {"message": "max_tokens: /opt/vllm/engine/core.py", "type": "x"}}'),
        "inside-out",
    ),
    (
        BAD,
        Reaction(
            400, b'{"error": {"message": "max_tokens: file:///etc/passwd, http://a/usr/b", "type": "x"}}'
        ),
        "",
    ),
    (BAD, Reaction(400, TRACE), "inside-out"),
    (BAD, Reaction(400, PATH), "inside-out"),
    (LENIENT, Reaction(200, PATH), ""),
    (LENIENT, Reaction(200, TRACE), ""),
]


@pytest.mark.parametrize(("bad", "reaction", "symptom"), SEEN)
def test_a_reaction_shows_what_is_wrong_with_it_and_no_more(
    bad: BadRequest, reaction: Reaction, symptom: str
) -> None:
    found = judge_reaction(bad, reaction, "")
    assert [finding.symptom for finding in found] == ([symptom] if symptom else [])
    for finding in found:
        assert finding.expected
        assert finding.got
        assert finding.message.startswith(bad.why)


def test_a_trace_in_a_server_error_is_two_findings() -> None:
    found = judge_reaction(BAD, Reaction(500, TRACE), "")
    assert [finding.symptom for finding in found] == ["inside-out", "server-error"]


NAME = "/home/me/my models/xlam"
SAYING = BadRequest(
    "s",
    "bad-x",
    "A file as an image.",
    "GET",
    "/srv/files/a",
    headers={"X-From": "/var/mail/me"},
    body=b'{"image": "file /usr/share/a.png"}',
)


@pytest.mark.parametrize(
    ("message", "inside"),
    [
        ("the model is /home/me/my models/xlam.", ""),
        ("no model at /home/me/", ""),
        ("cannot read '/usr/share/a.png' of /srv/files/a, sent by /var/mail/me", ""),
        ("cannot read /usr/share/a.png: no cache in /usr/share/b", "/usr/share/b"),
        ("/home/me/my models/xlam: /home/you/vllm/engine.py", "/home/you/vllm/engine.py"),
        ("/usr/share/a.png: image.py:12", "image.py:12"),
    ],
)
def test_an_echo_of_what_was_sent_shows_nothing_and_hides_nothing(message: str, inside: str) -> None:
    content = content_of(SAYING, NAME)
    body = json.dumps({"error": {"message": message, "type": "x"}}).encode()
    found = judge_reaction(SAYING, Reaction(400, body), repeatable_text(SAYING, content, NAME))
    assert [finding.symptom for finding in found] == (["inside-out"] if inside else [])
    assert all(finding.got.startswith(f"{inside} in: ") for finding in found)
    assert "inside-out" in {finding.symptom for finding in judge_reaction(SAYING, Reaction(400, body), "")}


def test_every_symptom_is_seen_once() -> None:
    assert {symptom for _, _, symptom in SEEN if symptom} == set(CHECK.symptoms)
