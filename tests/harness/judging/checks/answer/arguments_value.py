"""The arguments of a call are the ones that the query asks for, or that the model was made to say."""

import re
from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import arguments_schema
from tests.harness.judging.checks.support.answers import calls_of, expected_calls, last_event, short, to_json
from tests.harness.judging.checks.support.json_text import parse_object
from tests.harness.judging.checks.support.pairing import (
    Pair,
    is_right_call,
    is_same_text,
    pair_calls,
)
from tests.harness.judging.checks.support.values import MISSING, differences, is_right

_PAIR = r"[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = re.compile(rf"(?<!\\)(?:\\\\)*\\u(?:{_PAIR}|(?![dD][89a-fA-F])([0-9a-fA-F]{{4}}))")
"""Both halves of a pair, or the number of one letter: half of a pair has no letter to be written as."""
_ASCII = 0x80


def _judge(context: CheckContext) -> Iterator[Finding]:
    expected = expected_calls(context)
    for pair in pair_calls(calls_of(context), expected, context.profile.wording).named:
        others = [other for at, other in enumerate(expected) if at != pair.position]
        arguments = parse_object(pair.call.arguments)
        if arguments is None:
            continue
        if is_right_call(pair.call, pair.expected, context.profile.wording):
            if context.case.text is not None:
                yield from _repaired(pair, arguments)
            if "unicode-escape" not in context.tags:  # else the model wrote the escapes
                yield from _escaped(pair)
        elif any(is_right_call(pair.call, other, context.profile.wording) for other in others):
            message = f"Call {pair.call.index} ({pair.call.name}) has the arguments of another call."
            yield _flaw(
                "other-call", message, to_json(pair.expected.arguments), short(pair.call.arguments), pair
            )
        else:
            yield from _values(context, pair, arguments) or _other_arguments(pair)


def _values(context: CheckContext, pair: Pair, arguments: dict[str, object]) -> list[Finding]:
    name = f"Call {pair.call.index} ({pair.call.name})"
    return [
        _flaw(
            "other-value",
            f"{name} has another value for {found.path}.",
            _show(found.expected),
            _show(found.got),
            pair,
        )
        for found in differences(pair.expected.arguments, arguments, context.profile.wording)
    ]


def _other_arguments(pair: Pair) -> list[Finding]:
    """Return what is said of arguments that are right in one text alone, and came in another."""
    message = f"Call {pair.call.index} ({pair.call.name}) has other arguments than were written."
    return [_flaw("other-value", message, short(pair.expected.text), short(pair.call.arguments), pair)]


def _repaired(pair: Pair, arguments: dict[str, object]) -> Iterator[Finding]:
    """Yield a finding where readers see the same values, and the text says something else."""
    call, expected = pair.call, pair.expected
    is_plain = expected.verbatim is None and is_right(expected.arguments, arguments, {})
    if is_plain and not is_same_text(call.arguments, expected.text):
        message = f"Call {call.index} ({call.name}) has the values, as Python reads them, in another text."
        yield _flaw("other-text", message, short(expected.text), short(call.arguments), pair)


def _escaped(pair: Pair) -> Iterator[Finding]:
    for escape in _ESCAPE.finditer(pair.call.arguments):
        code = escape.group(1)
        if code is None or (int(code, 16) >= _ASCII and chr(int(code, 16)).isprintable()):
            message = f"Call {pair.call.index} ({pair.call.name}) has letters written as \\u escapes."
            yield _flaw(
                "escaped", message, to_json(pair.expected.arguments), short(pair.call.arguments), pair
            )
            return


def _flaw(symptom: str, message: str, expected: str, got: str, pair: Pair) -> Finding:
    return CHECK.finding(symptom, message, expected, got, pair.call.index, last_event(pair.call))


def _show(value: object) -> str:
    return "nothing" if value is MISSING else to_json(value)


CHECK = Check(
    id="arguments-value",
    harm={"other-value": "wrong-call", "other-call": "wrong-call"},
    symptoms={
        "other-value": "A value is not the expected one, nor an equally right wording of it.",
        "other-call": "The arguments are those of another expected call.",
        "other-text": "The values are right as a reader repairs them; keys, digits or signs are not as written.",
        "escaped": "The values are right, but printable letters came as \\u escapes that the model did not write.",
    },
    source="https://platform.openai.com/docs/guides/function-calling#handling-function-calls",
    judge=_judge,
    semantic=True,
    requires=(arguments_schema.CHECK,),
)
