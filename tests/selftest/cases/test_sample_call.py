"""A call that fits its tool, whatever the keywords of the schema."""

from typing import Any

import jsonschema
import pytest

from tests.harness.cases.dialects.dialect import NotSayable
from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.in_dialect import in_dialect
from tests.harness.cases.load import load_cases, read_cases
from tests.harness.cases.sample_call import sample_call

CASES = {case.id: case for case in read_cases()}
OFFERED = {str(tool): tool for case in CASES.values() for tool in case.tools}


@pytest.mark.parametrize("tool", OFFERED.values(), ids=lambda tool: tool["function"]["name"])
def test_every_tool_of_the_cases_takes_its_sample(tool: dict[str, Any]) -> None:
    call = sample_call(tool)
    assert call.name == tool["function"]["name"]
    jsonschema.validate(call.arguments, tool["function"].get("parameters") or {})


def test_only_what_is_required_is_said() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}, "required": ["a"]}
    assert sample_call({"function": {"name": "f", "parameters": schema}}).arguments == {"a": 1}
    assert sample_call({"function": {"name": "f"}}).arguments == {}


def steered(case: str, dialect: str) -> str | None:
    return in_dialect(CASES[case], dialect_named(dialect)).request_options.steered_text


def test_a_demanded_call_is_led_to_what_the_dialect_s_grammar_wants() -> None:
    assert steered("tool-choice-named", "hermes") == (
        '<tool_call>\n{"name": "paint", "arguments": {"color": "blue"}}\n</tool_call>'
    )
    assert (steered("messages-any", "llama3_json") or "").startswith('{"name": "paint", "parameters": {')
    assert steered("tool-choice-none-for-weather", "hermes") is None


def test_xlam_s_demanded_calls_stay_those_of_the_tool_schema() -> None:
    said = {case.id: case.request_options.steered_text for case in load_cases()}
    assert said["tool-choice-named"] == CASES["tool-choice-named"].request_options.steered_text


def test_a_call_that_the_limit_leaves_no_room_for_is_not_said() -> None:
    with pytest.raises(NotSayable, match="its limit leaves no room for a call in hermes"):
        steered("named-tool-without-parameters", "hermes")
