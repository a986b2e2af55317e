"""Whether an answer was cut before its end."""

from tests.harness.judging.check_context import CheckContext


def is_cut(context: CheckContext) -> bool:
    """Return whether the case is cut on purpose, or the answer says that it ran into a limit."""
    choice = context.reply.choice
    case = context.case
    intended = case.ends_early or case.request_options.allowed_finish_reasons == ("length",)
    return intended or bool(choice and "length" in choice.finish_reasons)
