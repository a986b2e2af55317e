"""A stream can be read: server-sent events, each one JSON object, none of them an error, up to its end."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import Event
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import http_status
from tests.harness.judging.checks.support.answers import SHORT_ERROR, broken_off, short, to_json

_EVENT_STREAM = "text/event-stream"
_PROBLEMS = {
    "not-json": "An event of the stream is not JSON that a program can read.",
    "not-object": "An event of the stream is JSON, but not an object.",
    "bad-utf8": "An event of the stream is not UTF-8 text.",
}


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.mode != "stream":
        return
    media_type = _media_type(context)
    if media_type != _EVENT_STREAM or any(event.problem == "not-a-stream" for event in context.reply.events):
        message = "A stream was asked for and the answer is something else."
        body = short(context.exchange.body.decode("utf-8", "replace"))
        kind = f"{_EVENT_STREAM} without an event in it" if media_type == _EVENT_STREAM else media_type
        yield CHECK.finding("not-a-stream", message, _EVENT_STREAM, f"{kind or 'no content type'}: {body}")
        return
    yield from _bad_events(context)
    yield from _error_frame(context)
    yield from _cut_off(context)


def _media_type(context: CheckContext) -> str:
    headers = {name.lower(): value for name, value in context.exchange.headers}
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _bad_events(context: CheckContext) -> Iterator[Finding]:
    first: dict[str, Event] = {}
    for event in context.reply.events:
        if event.problem in _PROBLEMS:
            first.setdefault(event.problem, event)
    for problem, event in first.items():
        yield CHECK.finding(
            problem, _PROBLEMS[problem], "a JSON object", short(event.raw), event=event.number
        )


def _error_frame(context: CheckContext) -> Iterator[Finding]:
    error = context.reply.error
    if error is not None:
        holders = [
            event for event in context.reply.events if error in ((event.json or {}).get("error"), event.json)
        ]
        message = "The stream, opened with HTTP status 200, holds an error instead of the rest of the answer."
        got = to_json(error, SHORT_ERROR)
        yield CHECK.finding(
            "error-frame", message, "chunks up to [DONE]", got, event=holders[0].number if holders else None
        )


def _cut_off(context: CheckContext) -> Iterator[Finding]:
    reply, error = context.reply, context.exchange.error
    if reply.error is not None:
        return
    finish = reply.choice.finish_reason if reply.choice else None
    torn = any(event.problem == "cut-off" and not event.is_done for event in reply.events)
    if torn or (not reply.done and (error or not finish)):
        message = broken_off(error, "The stream broke off before the answer was complete.")
        last = reply.events[-1].number if reply.events else None
        got = error or "the end of the body"
        yield CHECK.finding("cut-off", message, "a finish reason and [DONE]", got, event=last)


CHECK = Check(
    id="stream-frames",
    harm="outage",
    symptoms={
        "not-a-stream": "The answer is not of type text/event-stream.",
        "not-json": "An event's data is not JSON.",
        "not-object": "An event's data is JSON, but not an object.",
        "bad-utf8": "An event's data is not UTF-8.",
        "error-frame": "An error object inside a stream that began with status 200.",
        "cut-off": "The transfer broke before [DONE], or the stream ended inside an event or without a finish reason.",
    },
    source="https://html.spec.whatwg.org/multipage/server-sent-events.html",
    judge=_judge,
    requires=(http_status.CHECK,),
)
