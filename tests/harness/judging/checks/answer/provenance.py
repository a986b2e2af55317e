"""Nothing arrives that the model did not write: no text, no name of a tool, no word or number in arguments.

Other checks say whether the right things came. This one is asked of answers to forced texts beside all of them: an
answer that is known to be damaged, its arguments sent twice for example, must still hold nothing of anybody else's.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape
from tests.harness.judging.checks.support.answers import calls_of, expected_calls, last_event, short, text_of

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_VALUE = re.compile(rf'"(?P<string>(?:[^"\\]|\\.)*)"?|(?P<number>{_NUMBER})', re.DOTALL)
_BETWEEN_STRINGS = (":", ",", "}", "]")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.", re.DOTALL)
"""Those of halves of a pair stand side by side."""


def _judge(context: CheckContext) -> Iterator[Finding]:
    text = context.case.text
    if text is None or context.case.free_form is not None or context.turn != 1:
        return
    written = _written(text)
    right_names = {call.name for call in expected_calls(context)}
    for call in calls_of(context):
        if call.name not in right_names and not written.holds(call.name or ""):
            message = f"Call {call.index} has a name that was not written."
            yield CHECK.finding("name", message, short(text), call.name or "", call.index, last_event(call))
        other = next((value for value in _values(call.arguments) if not written.holds(value)), None)
        if other is not None:
            message = f"The arguments of call {call.index} ({call.name}) hold what was not written."
            yield CHECK.finding("value", message, short(text), short(other), call.index, last_event(call))
    came = text_of(context.reply.choice)
    if not _is_left_of(came, text):
        message = "The text holds what was not written."
        yield CHECK.finding("text", message, short(text), short(came))


@dataclass(frozen=True)
class _Written:
    """A forced text, and what can stand for parts of it."""

    text: str
    unescaped: str
    numbers: frozenset[float]

    def holds(self, value: str) -> bool:
        """Return whether a value was written; of arguments that begin anew within a string, each part of it.

        Behind such a beginning what stands between two strings looks like one, and a server may space it as it likes.
        """
        if value in self.text or value in self.unescaped or _number(value) in self.numbers:
            return True
        if value.lstrip().startswith(_BETWEEN_STRINGS) and _bare(value) in _bare(self.text):
            return True
        return "{" in value and all(part in self.text for part in value.split("{"))


@lru_cache(maxsize=1024)
def _written(text: str) -> _Written:
    """Remembers texts of the suite's own alone: what a hostile server sends would fill the memory."""
    numbers = (_number(found) for found in re.findall(_NUMBER, text))
    return _Written(text, _unescaped(text), frozenset(number for number in numbers if number is not None))


def _values(arguments: str) -> Iterator[str]:
    """Yield the strings, keys among them, and the numbers of a text that need be no JSON."""
    for found in _VALUE.finditer(arguments):
        yield found["number"] or _unescaped(found["string"])


def _unescaped(text: str) -> str:
    """Return a text with its JSON escapes as the letters that they stand for; other ones stay."""
    return _ESCAPES.sub(_letters, text)


def _bare(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def _letters(escapes: re.Match[str]) -> str:
    try:
        return str(json.loads(f'"{escapes[0]}"'))
    except ValueError:
        return escapes[0]


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(_NUMBER, text) else None


def _is_left_of(text: str, written: str) -> bool:
    """Return whether a text is what is left of the written one when pieces are taken out; white space is free."""
    rest = iter(written)
    return all(letter in rest for letter in text if not letter.isspace())


CHECK = Check(
    id="provenance",
    harm="wrong-call",
    symptoms={
        "name": "A call of a name that was not written.",
        "value": "A word or a number in the arguments that was not written.",
        "text": "Text that is not what was written, nor what is left of it.",
    },
    source="https://platform.openai.com/docs/guides/function-calling#handling-function-calls",
    judge=_judge,
    at_any_address=True,
    requires=(chunk_shape.CHECK,),
)
