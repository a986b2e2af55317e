"""Run the calls of an answer as a user's program would."""

import json
from collections.abc import Sequence

from tests.harness.catalogue.tools import ToolError, run_tool
from tests.harness.records.reply import ToolCall
from tests.harness.records.subject import ToolRun


def run_calls(calls: Sequence[ToolCall]) -> tuple[ToolRun, ...]:
    """One run a call, in order; what cannot be run says why."""
    return tuple(_run(position, call) for position, call in enumerate(calls))


def _run(position: int, call: ToolCall) -> ToolRun:
    name = call.name or ""
    try:
        arguments = json.loads(call.arguments)
        if not isinstance(arguments, dict):
            return ToolRun(position, name, None, f"the arguments are no object: {call.arguments!r}")
        return ToolRun(position, name, run_tool(name, arguments))
    except json.JSONDecodeError as error:
        return ToolRun(position, name, None, f"the arguments are not JSON ({error}): {call.arguments!r}")
    except ToolError as error:
        return ToolRun(position, name, None, str(error))
