"""The behaviours by name, each with all that the suite says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tests.harness.core.http.limits import Limits
from tests.selftest.hostile_servers.behaviours import (
    MINUTE,
    MOMENT,
    Behaviour,
    body,
    exploding,
    forever,
    gigabyte,
    many_calls,
    plain,
    resetting,
    right,
    says,
    steering,
    told,
)
from tests.selftest.scripted import RESET, chunk, head, play, sse

Ends = Literal["itself", "total", "silence"]
OTHERWISE_S = 60.0
"""Far beyond what a behaviour takes: only the limit that is meant to end it can."""
_SIZES = {"max_bytes": 2_000_000, "max_frames": 20_000, "max_parse_cost": 40_000}
LIMITS: dict[Ends, Limits] = {
    "itself": Limits(**_SIZES, total_s=OTHERWISE_S, silence_s=OTHERWISE_S),
    "total": Limits(**_SIZES, total_s=1.2, silence_s=OTHERWISE_S),
    "silence": Limits(**_SIZES, total_s=OTHERWISE_S, silence_s=1.0),
}
NO_ANSWER = ["http-status/no-answer"]
CUT_OFF = ["stream-frames/cut-off"], ["whole-body/cut-off"]
NOT_JSON = ["stream-frames/not-json"], ["whole-body/not-json"]
NOT_OBJECT = ["stream-frames/not-object"], ["whole-body/not-object"]
BAD_UTF8 = ["stream-frames/bad-utf8"], ["whole-body/bad-utf8"]
EMPTY = b'{"choices": []}'
ELSEWHERE = "http://127.0.0.1:9/v1/chat/completions"
HTML = {"content_type": "text/html"}
JSON = {"content_type": "application/json"}
OK_LINE = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True)
class Hostile:
    """A behaviour and all that the suite says of it."""

    name: str
    answer: Behaviour
    stream: frozenset[str]
    """Findings about a streamed answer."""
    whole: frozenset[str]
    """Findings about one that is not streamed."""
    listing: str
    """A part of what is said where `/v1/models` does this."""
    ends: Ends
    """What ends the answer: it itself (or a limit of size), or a limit of time."""


def hostile(
    name: str,
    answer: Behaviour,
    stream: Sequence[str],
    whole: Sequence[str] | None = None,
    *,
    listing: str,
    ends: Ends = "itself",
) -> Hostile:
    return Hostile(
        name,
        answer,
        frozenset(stream),
        frozenset(stream if whole is None else whole),
        listing,
        ends,
    )


LATE = "did not end within"
STRANGE = "something is there, and does not answer as vLLM does"
NO_OBJECT = "not a JSON object: this is no OpenAI-compatible server; its answer begins with"
LARGE = "the answer is larger than 4 MiB"
NO_MODEL = "serves no model"

TIME = (
    hostile("never-answers", play(MINUTE), NO_ANSWER, listing=LATE, ends="silence"),
    hostile(
        "byte-a-minute",
        forever(chunk(b"x"), MINUTE),
        *CUT_OFF,
        listing=LATE,
        ends="silence",
    ),
    hostile("byte-a-moment", forever(chunk(b"x"), MOMENT), *CUT_OFF, listing=LATE, ends="total"),
    hostile(
        "endless-events",
        forever(chunk(sse({})), MOMENT),
        *CUT_OFF,
        listing=LATE,
        ends="total",
    ),
    hostile("endless-chunk-size", forever(b"0", MOMENT), *CUT_OFF, listing=LATE, ends="total"),
    hostile(
        "endless-header",
        forever(b"x", MOMENT, before=OK_LINE + b"a: "),
        NO_ANSWER,
        listing=LATE,
        ends="total",
    ),
    hostile(
        "endless-headers",
        forever(b"a: b\r\n", MOMENT, before=OK_LINE),
        NO_ANSWER,
        listing=LATE,
        ends="total",
    ),
    hostile(
        "endless-hints",
        forever(b"HTTP/1.1 103 Hints\r\n\r\n", MOMENT, before=b""),
        NO_ANSWER,
        listing=LATE,
        ends="total",
    ),
    hostile(
        "no-end-after-the-answer",
        told(right, end=MINUTE),
        ["stream-end/no-clean-close"],
        ["whole-body/cut-off"],
        listing="no answer",
        ends="silence",
    ),
)
SIZE = (
    hostile("gigabyte-in-a-frame", gigabyte(b"x"), *CUT_OFF, listing=LARGE),
    hostile("gigabyte-of-lines", gigabyte(b"\n"), *CUT_OFF, listing=LARGE),
    hostile("gigabyte-of-events", gigabyte(b"data: {}\n\n"), *CUT_OFF, listing=LARGE),
    hostile("gigabyte-of-lists", gigabyte(b"["), *CUT_OFF, listing=LARGE),
    hostile("flood-of-headers", forever(b"a: b\r\n" * 1000, before=OK_LINE), NO_ANSWER, listing=STRANGE),
    hostile("huge-header", play(head(a="b" * 1_000_000)), NO_ANSWER, listing=STRANGE),
    hostile("huge-reason", play(head("200 " + "b" * 1_000_000)), NO_ANSWER, listing=STRANGE),
    hostile(
        "ten-thousand-calls",
        told(many_calls),
        ["stream-frames/cut-off"],
        ["arguments-schema/no-keys", "expected-calls/extra-call"],
        listing=NO_MODEL,
    ),
    hostile("event-of-lines", body(b"data: x\n" * 50_000), *CUT_OFF, listing=NO_OBJECT),
    hostile("gzip-bomb", exploding(50_000_000, 1), *CUT_OFF, listing=LARGE),
    hostile("gzip-in-gzip-bomb", exploding(50_000_000, 3), *CUT_OFF, listing="compressed 3 times over"),
)
CONTENT = (
    hostile("invalid-utf8", says(b'{"a": "\xff\xfe"}'), *BAD_UTF8, listing=NO_OBJECT),
    hostile("utf-16", says('{"a": 1}'.encode("utf-16")), *BAD_UTF8, listing=NO_OBJECT),
    hostile("json-list", says(b"[1]"), *NOT_OBJECT, listing=NO_OBJECT),
    hostile("json-null", says(b"null"), *NOT_OBJECT, listing=NO_OBJECT),
    hostile("nan", says(b'{"a": NaN}'), *NOT_JSON, listing=NO_OBJECT),
    hostile("number-beyond-all", says(b'{"a": 1e999999}'), *NOT_JSON, listing=NO_OBJECT),
    hostile("million-digits", says(b'{"a": %b}' % (b"1" * 1_000_000)), *NOT_JSON, listing=NO_OBJECT),
    hostile("deep-lists", says(b"[" * 20_000 + b"]" * 20_000), *NOT_JSON, listing=NO_OBJECT),
    hostile("deep-objects", says(b'{"a":' * 900 + b"1" + b"}" * 900), *NOT_JSON, listing=NO_OBJECT),
    hostile("terminal-escapes", told(steering), ["offered-name/invented-call"], listing=NO_MODEL),
    hostile(
        "wrong-content-type",
        says(EMPTY, content_type="image/png"),
        ["stream-frames/not-a-stream"],
        ["chunk-shape/missing-field"],
        listing=NO_MODEL,
    ),
    hostile(
        "html-with-200",
        plain("200 OK", b"<html>Please log in</html>", **HTML),
        ["stream-frames/not-a-stream"],
        ["whole-body/not-json"],
        listing=NO_OBJECT,
    ),
    hostile(
        "html-error-page",
        plain("502 Bad Gateway", b"<html>Bad gateway</html>", **HTML),
        ["http-status/server-error"],
        listing="the server or a proxy before it fails",
    ),
    hostile(
        "error-with-200",
        says(b'{"error": {"message": "out of memory", "code": 500}}'),
        ["stream-frames/error-frame"],
        ["whole-body/error-object"],
        listing=NO_MODEL,
    ),
)
TRANSFER = (
    hostile("closes-at-once", play(), NO_ANSWER, listing=STRANGE),
    hostile("resets-at-once", play(MOMENT, RESET), NO_ANSWER, listing=STRANGE),
    hostile("resets-in-a-frame", resetting(b'data: {"choices": [{"ind'), *CUT_OFF, listing=STRANGE),
    hostile("closes-in-a-frame", body(end=b'40\r\ndata: {"choi'), *CUT_OFF, listing=STRANGE),
    hostile("gzip-that-is-none", body(EMPTY, content_encoding="gzip"), *CUT_OFF, listing=STRANGE),
    hostile(
        "length-too-long",
        plain("200 OK", EMPTY, **JSON, content_length="900"),
        ["stream-frames/not-a-stream"],
        ["whole-body/cut-off"],
        listing=STRANGE,
    ),
    hostile(
        "length-too-short",
        plain("200 OK", EMPTY, **JSON, content_length="9"),
        ["stream-frames/not-a-stream"],
        ["whole-body/not-json"],
        listing=NO_OBJECT,
    ),
    hostile("length-negative", plain("200 OK", content_length="-9"), NO_ANSWER, listing=STRANGE),
    hostile("length-absurd", plain("200 OK", content_length="9" * 5000), NO_ANSWER, listing=STRANGE),
    hostile(
        "two-lengths", plain("200 OK", content_length="9\r\ncontent-length: 8"), NO_ANSWER, listing=STRANGE
    ),
    hostile("not-http", play(b"SSH-2.0-OpenSSH_9.6\r\n"), NO_ANSWER, listing=STRANGE),
    hostile("nul-bytes", play(b"\0" * 1000), NO_ANSWER, listing=STRANGE),
    hostile("switches-protocols", plain("101 Switching"), NO_ANSWER, listing=STRANGE),
    hostile("status-unheard-of", plain("999 What"), ["http-status/other-status"], listing="answers 999"),
    hostile("no-content", plain("204 No Content"), ["http-status/other-status"], listing="answers 204"),
    hostile(
        "redirects-elsewhere",
        plain("307 Temporary Redirect", location=ELSEWHERE),
        ["http-status/redirect"],
        listing=f"redirects to {ELSEWHERE}",
    ),
    hostile(
        "redirects-nowhere",
        plain("302 Found", location="http://[::bad"),
        ["http-status/redirect"],
        listing="redirects to http://[::bad",
    ),
)
HOSTILE = (*TIME, *SIZE, *CONTENT, *TRANSFER)
