"""The request is accepted."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.support.answers import SHORT_ERROR, short

_OK = 200
_CLASSES = {3: "redirect", 4: "client-error", 5: "server-error"}


def _judge(context: CheckContext) -> Iterator[Finding]:
    exchange = context.exchange
    if exchange.status is None:
        yield CHECK.finding(
            "no-answer",
            "The server did not answer the request.",
            "HTTP status 200",
            exchange.error or "nothing",
        )
    elif exchange.status != _OK:
        symptom = _CLASSES.get(exchange.status // 100, "other-status")
        body = short(exchange.body.decode("utf-8", "replace"), SHORT_ERROR)
        message = f"The server answered a valid request with HTTP status {exchange.status}."
        got = f"{exchange.status}{_location(context)} {body}".strip()
        yield CHECK.finding(symptom, message, "HTTP status 200", got)


def _location(context: CheckContext) -> str:
    headers = {name.lower(): value for name, value in context.exchange.headers}
    return f" to {short(headers['location'])}" if "location" in headers else ""


CHECK = Check(
    id="http-status",
    harm="outage",
    symptoms={
        "no-answer": "No HTTP answer began.",
        "redirect": "The server sent the client elsewhere (3xx).",
        "client-error": "A valid request was refused (4xx).",
        "server-error": "The server failed (5xx).",
        "other-status": "Neither 200 nor an error status.",
    },
    source="https://www.rfc-editor.org/rfc/rfc9110#section-15",
    judge=_judge,
)
