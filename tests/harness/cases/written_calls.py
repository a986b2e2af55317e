"""What a forced text writes: the calls in it, and what stands around them.

Only for tags: what a right server makes of a text is said by its case.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.harness.core.records.case import Case, ExpectedCall

STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
MARKER = re.compile(r"</?tool_call>|\[TOOL_CALLS\]|</?think>")
"""What stands around calls in a form that is no fence."""
_WRAPPING = re.compile(r"\A.*</think>|</?tool_call>|\[TOOL_CALLS\]|</?think>|```\w*|[\s\[\],;]", re.DOTALL)
_NAMED = re.compile(r'"name"\s*:\s*"[^"]+"')
LENIENT = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class Written:
    """A text in three parts; without a call in it all of it is `before`."""

    calls: tuple[dict[str, Any], ...]
    """Objects with name and arguments, as parsed; those within the arguments of another one are values."""
    before: str
    json: str
    """From the first call to the last one."""
    after: str

    @property
    def around(self) -> str:
        """Return the text without its calls."""
        return f"{self.before}\n{self.after}"

    @property
    def punctuation(self) -> str:
        """Return the JSON of the calls without its strings."""
        return STRING.sub("", self.json)


def is_about_its_text(case: Case) -> bool:
    """Return whether what is right is open, so that the calls a case is about are those in its text."""
    return bool(case.readings) and not case.calls


def calls_of(case: Case) -> tuple[ExpectedCall, ...]:
    """Return the calls that a case is about: those that are right or, where these are open, those in the text."""
    if not is_about_its_text(case):
        return case.calls
    calls = written(case.text or "").calls
    return tuple(ExpectedCall(str(call["name"]), _arguments(call["arguments"])) for call in calls)


@cache
def written(text: str) -> Written:
    """Return the parts of a text."""
    objects = list(objects_with_calls(text))
    if not objects:
        return Written((), text, "", "")
    start, end = objects[0][0], objects[-1][1]
    calls = tuple(call for _, _, value in objects for call in _calls_in(value, "arguments"))
    return Written(calls, text[:start], text[start:end], text[end:])


@cache
def leading_array(text: str) -> tuple[list[Any], int]:
    """Return the array of calls that a text begins with, and where it ends; an empty one at 0 if it does not."""
    if not text.lstrip().startswith("[") or not written(text).calls:
        return [], 0
    try:
        value, end = LENIENT.raw_decode(text, text.index("["))
    except (ValueError, RecursionError):
        return [], 0
    return value, end


def prose_around(text: str) -> tuple[bool, bool]:
    """Return whether there is prose before the calls, and behind them; what the array holds beside calls is none."""
    parts, (_, end) = written(text), leading_array(text)
    behind = max(end, len(text) - len(parts.after))
    return _is_prose(parts.before) and not end, _is_prose(text[behind:])


def lacks_arguments(text: str) -> bool:
    """Return whether a name in a text has no object of arguments that goes with it."""
    complete = [call for call in written(text).calls if isinstance(call["arguments"], dict)]
    values = sum(len(_NAMED.findall(json.dumps(call["arguments"]))) for call in complete)
    return len(_NAMED.findall(text)) > len(complete) + values


def _is_prose(text: str) -> bool:
    """Return whether a text holds more than thoughts, markers, fences, brackets and white space."""
    return bool(_WRAPPING.sub("", text))


def objects_with_calls(text: str, key: str = "arguments") -> Iterator[tuple[int, int, Any]]:
    """Yield begin, end and value of each outermost JSON object that is a call or holds one.

    `key` is that of a call's arguments.
    """
    at = text.find("{")
    while at >= 0:
        try:
            value, end = LENIENT.raw_decode(text, at)
            holds_calls = bool(_calls_in(value, key))
        except (ValueError, RecursionError):  # the latter for what nests too deep
            value, end, holds_calls = None, at + 1, False
        if holds_calls:
            yield at, end, value
        at = text.find("{", end)


def _calls_in(value: Any, key: str) -> list[dict[str, Any]]:
    """Return the outermost calls in a value, in order; without recursion: some texts nest a thousand levels."""
    calls, ahead = [], [value]
    while ahead:
        match ahead.pop():
            case dict() as found if {"name", key} <= found.keys():
                calls.append(found)
            case dict() as found:
                ahead.extend(reversed(found.values()))
            case list() as found:
                ahead.extend(reversed(found))
    return calls


def _arguments(value: Any) -> dict[str, Any]:
    """Return arguments as an object; models write them as a string too, or null for none."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}
