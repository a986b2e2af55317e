"""Run the calls of an answer as a user's program would."""

from collections.abc import Sequence

from tests.harness.cases.tools import ToolError, run_tool
from tests.harness.core.records.reply import ToolCall
from tests.harness.core.records.tool_run import ToolRun
from tests.harness.core.strict_json import strict_json


def run_calls(calls: Sequence[ToolCall]) -> tuple[ToolRun, ...]:
    """Return one run a call, in order; what cannot be run says why."""
    return tuple(_run(position, call) for position, call in enumerate(calls))


def _run(position: int, call: ToolCall) -> ToolRun:
    name = call.name or ""
    for part, text in (("id holds", call.id), ("name holds", call.name), ("arguments hold", call.arguments)):
        if not _can_be_sent(text or ""):
            return ToolRun(
                position, name, None, f"its {part} half of a character: no program can send it back"
            )
    try:
        arguments = strict_json(call.arguments)
        if not isinstance(arguments, dict):
            return ToolRun(position, name, None, f"the arguments are no object: {call.arguments!r}")
        result = run_tool(name, arguments)
        if not _can_be_sent(result):
            return ToolRun(
                position, name, None, "its result holds half of a character: no program can send it back"
            )
        return ToolRun(position, name, result)
    except ValueError as error:
        return ToolRun(
            position, name, None, f"the arguments are not JSON that can be read ({error}): {call.arguments!r}"
        )
    except ToolError as error:
        return ToolRun(position, name, None, str(error))


def _can_be_sent(text: str) -> bool:
    """Return whether a request can hold a text: JSON can name half of a surrogate pair, which no request can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
