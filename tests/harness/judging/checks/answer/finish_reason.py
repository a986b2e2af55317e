"""The answer says why it ended: `length` if it was cut, else `tool_calls` if it holds calls, else `stop`.

A call that the request demanded by its tool's name is no decision of the model: such an answer ends with `stop`.
"""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import call_index, token_limit
from tests.harness.judging.checks.support.answers import calls_of, named_tool


def _judge(context: CheckContext) -> Iterator[Finding]:
    choice = context.reply.choice
    reasons = choice.finish_reasons if choice else ()
    calls = len(calls_of(context))
    wanted = _wanted(context, calls)
    if not reasons:
        yield CHECK.finding(
            "missing", "The answer ended without a finish reason.", " or ".join(wanted), "no finish reason"
        )
        return
    if len(reasons) > 1:
        message = f"The stream says {len(reasons)} times that it is finished."
        yield CHECK.finding("repeated", message, "one finish reason", ", ".join(reasons))
    if reasons[-1] not in wanted:
        cut = "was cut at the token limit, " if wanted == ("length",) else ""
        content = f"{calls} tool call{'s' if calls != 1 else ''}" if calls else "no tool call"
        message = f"The answer {cut}holds {content} and ends with the finish reason {reasons[-1]}."
        yield CHECK.finding("wrong", message, " or ".join(wanted), reasons[-1])


def _wanted(context: CheckContext, calls: int) -> tuple[str, ...]:
    if context.case.cut is not None:
        return ("length",)
    if context.case.request_options.allowed_finish_reasons:
        return context.case.request_options.allowed_finish_reasons
    if context.case.free_form is not None and _is_at_limit(context):
        return ("length",)
    return ("tool_calls",) if calls and named_tool(context.request) is None else ("stop",)


def _is_at_limit(context: CheckContext) -> bool:
    """Return whether the answer ran into its limit, as that of a free model may."""
    limit = context.request.get("max_completion_tokens") or context.request.get("max_tokens")
    return limit is not None and (context.reply.usage or {}).get("completion_tokens") == limit


CHECK = Check(
    id="finish-reason",
    harm="wrong-call",
    symptoms={
        "missing": "No finish reason came.",
        "repeated": "More than one finish reason came.",
        "wrong": "Not `tool_calls` beside calls, `stop` without or of a named tool, or `length` of a cut answer.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/object",
    judge=_judge,
    at_any_address=True,
    requires=(
        token_limit.CHECK,
        call_index.CHECK["missing-index"],
    ),
)
