"""The arguments of a call fit the schema of the tool."""

from collections.abc import Iterator

import jsonschema

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import arguments_json, offered_name
from tests.harness.judging.checks.support.answers import calls_of, last_event, offered_tools, short, to_json
from tests.harness.judging.checks.support.json_text import parse_object

_SYMPTOMS = {
    "required": "missing-key",
    "type": "wrong-type",
    "enum": "not-in-enum",
    "const": "not-in-enum",
    "additionalProperties": "extra-key",
}


def _judge(context: CheckContext) -> Iterator[Finding]:
    tools = offered_tools(context)
    for call in calls_of(context):
        arguments = parse_object(call.arguments)
        if arguments is None or call.name not in tools:
            continue
        schema = tools[call.name]
        if not arguments and schema.get("required"):
            message = f"Call {call.index} ({call.name}) came with an empty object; the tool needs arguments."
            wanted = f"the keys {', '.join(schema['required'])}"
            yield CHECK.finding("no-keys", message, wanted, "{}", call.index, last_event(call))
            continue
        for error in jsonschema.Draft202012Validator(schema).iter_errors(arguments):
            yield _flaw(call, error)


def _flaw(call: ToolCall, error: jsonschema.ValidationError) -> Finding:
    symptom = _SYMPTOMS.get(str(error.validator), "other")
    place = ".".join(map(str, error.absolute_path)) or "the arguments"
    message = f"Call {call.index} ({call.name}) does not fit the tool: {place}: {short(error.message)}."
    wanted = f"{error.validator}: {to_json(error.validator_value)}"
    return CHECK.finding(symptom, message, wanted, to_json(error.instance), call.index, last_event(call))


CHECK = Check(
    id="arguments-schema",
    harm="wrong-call",
    symptoms={
        "no-keys": "The object is empty although the tool requires keys.",
        "missing-key": "A required key is not there.",
        "wrong-type": "A value has another type than the tool asks for.",
        "not-in-enum": "A value is none of the allowed ones.",
        "extra-key": "A key that the tool forbids.",
        "other": "Another keyword of the schema is broken.",
    },
    source="https://json-schema.org/draft/2020-12/json-schema-validation",
    judge=_judge,
    semantic=True,
    when_free_form=True,
    requires=(
        arguments_json.CHECK,
        offered_name.CHECK,
    ),
)
