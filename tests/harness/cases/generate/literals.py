"""Values that Python, JSON and UTF-8 disagree about, as they are written: no value of Python's says them all.

In made-up arguments a placeholder stands for each until the text is written.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from tests.harness.core.records.case import ExpectedCall

_NUMBERS = (
    "-0.0", "1E5", "1e+05", "100.0", "0.10", "5e-324", "12345678901234567890123",
)  # fmt: skip
_IN_STRINGS = (
    "\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83d\\ude00", "\\/", "\\u0041", "\\u00E9", "\\u0000", "\\u001F",
    "\\u2028",
)  # fmt: skip
NUMBERS: Mapping[str, str] = MappingProxyType({f"@number-{at}@": text for at, text in enumerate(_NUMBERS)})
"""Placeholder of a whole value -> what is written."""
IN_STRINGS: Mapping[str, str] = MappingProxyType(
    {f"@part-{at}@": text for at, text in enumerate(_IN_STRINGS)}
)
"""Placeholder of a part of a string -> what is written."""


def spelled(text: str) -> str:
    """Return a text of JSON with each placeholder as what it stands for."""
    if "@" not in text:
        return text
    for place, literal in NUMBERS.items():
        text = text.replace(f'"{place}"', literal)
    for place, literal in IN_STRINGS.items():
        text = text.replace(place, literal)
    return text


def spelled_call(call: ExpectedCall) -> ExpectedCall:
    """Return a call whose arguments are what a reader makes of them as they are written."""
    written = spelled(call.text)
    return call if written == call.text else replace(call, arguments=json.loads(written), written=written)
