"""A refusal says what is wrong, in the API's own form. Asked only of requests that may be refused."""

from collections.abc import Iterator

from tests.harness.checks.rule import Flaw, Rule
from tests.harness.checks.support.answers import short, to_json
from tests.harness.records.subject import Subject

_REFUSED = range(400, 500)


def _judge(subject: Subject) -> Iterator[Flaw]:
    exchange = subject.exchange
    if not subject.case.terms.may_refuse or exchange.status not in _REFUSED:
        return
    wanted = '{"error": {"message": ..., "type": ...}}'
    error = subject.reply.error
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
