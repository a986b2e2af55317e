"""A refusal says what is wrong, in the API's own form. Asked only of requests that may be refused."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.support.answers import short
from tests.harness.judging.checks.support.refusals import WANTED, refusal_of

_REFUSED = range(400, 500)


def _judge(context: CheckContext) -> Iterator[Finding]:
    exchange = context.exchange
    if (
        not context.case.request_options.may_refuse
        or exchange.status is None
        or exchange.status not in _REFUSED
    ):
        return
    body = exchange.body.decode("utf-8", "replace")
    refusal = refusal_of(exchange.status, body, exchange.path)
    if refusal is None:
        message = "The request is refused without an error object."
        yield CHECK.finding("no-error-object", message, WANTED, short(body) or "an empty body")
    elif refusal.lacks:
        message = f"The error object does not say its {' and its '.join(refusal.lacks)}."
        yield CHECK.finding("silent", message, WANTED, short(body))
    elif (field := context.case.request_options.refusal_names) and field not in refusal.message:
        message = f"The error object does not name {field}, which is what is not taken."
        yield CHECK.finding("no-name", message, f"a message or param with {field}", short(body))


CHECK = Check(
    id="refusal",
    symptoms={
        "no-error-object": "A 4xx whose body holds no error object.",
        "silent": "An error object without a message or a type.",
        "no-name": "An error object that does not name the field that it is about.",
    },
    source="https://platform.openai.com/docs/guides/error-codes",
    judge=_judge,
    of_refusals=True,
)
