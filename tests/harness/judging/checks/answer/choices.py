"""As many choices come as were asked for, numbered from 0."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape, finish_reason, one_role


def _judge(context: CheckContext) -> Iterator[Finding]:
    expected = list(range(context.request.get("n") or 1))
    indices = sorted(_indices(context))
    if indices != expected:
        message = f"The request asks for {len(expected)} choice{'s' if len(expected) != 1 else ''}, and others came."
        got = ", ".join(map(str, indices)) or "none"
        yield CHECK.finding("wrong-number", message, f"the choices {', '.join(map(str, expected))}", got)


def _indices(context: CheckContext) -> set[int]:
    """Return the indices of all choices in the answer, whichever of them is judged."""
    return {
        entry.get("index", place)
        for event in context.reply.events
        for place, entry in enumerate((event.json or {}).get("choices") or ())
    }


CHECK = Check(
    id="choices",
    harm="lost-text",
    symptoms={"wrong-number": "More or fewer choices than asked for, or numbered otherwise."},
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-n",
    judge=_judge,
    requires=(
        chunk_shape.CHECK,
        one_role.CHECK,
        finish_reason.CHECK["missing"],
    ),
)
