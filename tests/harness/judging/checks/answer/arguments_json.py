"""The arguments of a call are one JSON object, unless the model wrote none and they are what it wrote."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_index, token_limit
from tests.harness.judging.checks.support.answers import calls_of, expected_calls, last_event, short
from tests.harness.judging.checks.support.json_text import json_symptom
from tests.harness.judging.checks.support.pairing import is_right_call

_SYMPTOMS = {
    "empty": "no arguments came, not even {}",
    "lone-brace": "nothing but an opening brace came",
    "glued-twice": "the arguments came more than once, glued together",
    "glued-other": "other arguments are glued behind the call's",
    "leading-brace": "a second opening brace stands before the arguments",
    "cut-short": "the end of the arguments is missing",
    "trailing-text": "something follows the arguments",
    "not-an-object": "the arguments are JSON, but not an object",
    "not-json": "the arguments are not JSON that a program can read",
}


def _judge(context: CheckContext) -> Iterator[Finding]:
    expected, wording = expected_calls(context), context.profile.wording
    for call in calls_of(context):
        symptom = json_symptom(call.arguments)
        if symptom is not None and not any(is_right_call(call, one, wording) for one in expected):
            message = f"Call {call.index} ({call.name}) cannot be run: {_SYMPTOMS[symptom]}."
            got = short(call.arguments) or "(nothing)"
            yield CHECK.finding(symptom, message, "one JSON object", got, call.index, last_event(call))


CHECK = Check(
    id="arguments-json",
    harm="wrong-call",
    symptoms={symptom: f"{meaning[0].upper()}{meaning[1:]}." for symptom, meaning in _SYMPTOMS.items()},
    source="https://platform.openai.com/docs/guides/function-calling#streaming",
    judge=_judge,
    semantic=True,
    when_free_form=True,
    requires=(
        token_limit.CHECK,
        call_index.CHECK["missing-index"],
        call_index.CHECK["shared-index"],
    ),
)
