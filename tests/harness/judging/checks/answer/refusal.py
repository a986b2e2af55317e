"""A refusal says what is wrong, in the API's own form. Asked only of requests that may be refused."""

from collections.abc import Iterator

from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.checks.support.answers import short, to_json
from tests.harness.judging.rule import Flaw, Rule

_REFUSED = range(400, 500)


def _judge(context: CheckContext) -> Iterator[Flaw]:
    exchange = context.exchange
    if not context.case.request_options.may_refuse or exchange.status not in _REFUSED:
        return
    wanted = '{"error": {"message": ..., "type": ...}}'
    error = context.reply.error
    if error is None:
        body = short(exchange.body.decode("utf-8", "replace")) or "an empty body"
        yield Flaw("no-error-object", "The request is refused without an error object.", wanted, body)
        return
    missing = [
        name for name in ("message", "type") if not isinstance(error.get(name), str) or not error[name]
    ]
    if missing:
        message = f"The error object does not say its {' and its '.join(missing)}."
        yield Flaw("silent", message, wanted, to_json(error))


RULE = Rule(
    id="refusal",
    symptoms={
        "no-error-object": "A 4xx whose body holds no error object.",
        "silent": "An error object without a message or a type.",
    },
    source="https://platform.openai.com/docs/guides/error-codes",
    judge=_judge,
)
