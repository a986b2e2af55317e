"""An answer that is not streamed can be read: one JSON object, and no error in it."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import http_status
from tests.harness.judging.checks.support.answers import SHORT_ERROR, broken_off, short, to_json

_PROBLEMS = {
    "not-json": "The body of the answer is not JSON that a program can read.",
    "not-object": "The body of the answer is JSON, but not an object.",
    "bad-utf8": "The body of the answer is not UTF-8 text.",
}


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.mode != "whole":
        return
    reply, error = context.reply, context.exchange.error
    if error:
        message = broken_off(error, "The answer broke off before its end.")
        yield CHECK.finding("cut-off", message, "a complete body", error)
        return
    if reply.error is not None:
        yield CHECK.finding(
            "error-object",
            "HTTP status 200 carries an error.",
            "a chat completion",
            to_json(reply.error, SHORT_ERROR),
        )
        return
    body = context.exchange.body.decode("utf-8", "replace")
    problem = next((event.problem for event in reply.events if event.problem in _PROBLEMS), None)
    if problem is None and not any(event.json for event in reply.events):
        problem = "not-json"
    if problem:
        yield CHECK.finding(problem, _PROBLEMS[problem], "a chat completion object", short(body))


CHECK = Check(
    id="whole-body",
    harm="outage",
    symptoms={
        "not-json": "The body is not JSON.",
        "not-object": "The body is JSON, but not an object.",
        "bad-utf8": "The body is not UTF-8.",
        "error-object": "An error object with status 200.",
        "cut-off": "The transfer broke.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/object",
    judge=_judge,
    requires=(http_status.CHECK,),
)
