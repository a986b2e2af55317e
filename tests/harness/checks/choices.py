"""As many choices come as were asked for, numbered from 0."""

from collections.abc import Iterator

from tests.harness.checks.rule import Flaw, Rule
from tests.harness.records.subject import Subject


def _judge(subject: Subject) -> Iterator[Flaw]:
    asked = list(range(subject.request.get("n") or 1))
    came = sorted(_indices(subject))
    if came != asked:
        message = (
            f"The request asks for {len(asked)} choice{'s' if len(asked) != 1 else ''}, and others came."
        )
        got = ", ".join(map(str, came)) or "none"
        yield Flaw("wrong-number", message, f"the choices {', '.join(map(str, asked))}", got)


def _indices(subject: Subject) -> set[int]:
    """Of all choices that came, whichever of them is judged."""
    return {
        entry.get("index", place)
        for event in subject.reply.events
        for place, entry in enumerate((event.json or {}).get("choices") or ())
    }


RULE = Rule(
    id="choices",
    symptoms={"wrong-number": "More or fewer choices than asked for, or numbered otherwise."},
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-n",
    judge=_judge,
    presupposes=("chunk-shape", "one-role", "finish-reason/missing"),
)
