"""What a request wants said, and after which token each delta ends."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

UNITS = ("token", "character", "piece")
ENDS = (None, "alone", "with-text")
_MARKER = re.compile(r"@@script:([A-Za-z0-9_=-]+)@@")
_FIELDS = ("script", "script_unit", "script_cuts", "script_end")

Encode = Callable[[str], list[int]]
"""From a text to the tokens that write it, without any that a template would add."""


class BadScript(ValueError):
    """A script that cannot be followed; the message says why."""


@dataclass(frozen=True)
class Script:
    """The exact text of an answer and the exact ends of its deltas."""

    text: str
    unit: str = "token"
    """`token`: the tokenizer's own tokens; `character`: each character by tokens of its own; `piece`: what stands
    between two cuts, counted in characters, by the tokenizer's own tokens."""
    cuts: tuple[int, ...] | None = None
    """After how many units each delta but the last ends, rising; None: after each."""
    ends_with_text: bool = False
    """The token that ends the answer comes in the delta of the last text; else in one of its own."""


def script_in_arguments(arguments: Mapping[str, Any] | None) -> Script | None:
    """Return the script in a request's `vllm_xargs` (`script`, `script_unit`, `script_cuts`, `script_end`).

    Raises BadScript.
    """
    if not arguments or "script" not in arguments:
        return None
    text, unit, cuts, end = (arguments.get(name) for name in _FIELDS)
    unit = "token" if unit is None else unit
    if not isinstance(text, str) or unit not in UNITS:
        raise BadScript(f"script has to be a text and script_unit one of {', '.join(UNITS)}")
    if end not in ENDS:
        raise BadScript("script_end has to be with-text or alone")
    ends_with_text = end == "with-text"
    if cuts is None:
        return Script(text, unit, None, ends_with_text)
    if not isinstance(cuts, list) or not all(isinstance(cut, int) and cut > 0 for cut in cuts):
        raise BadScript("script_cuts has to be a list of numbers above 0")
    if list(cuts) != sorted(set(cuts)):
        raise BadScript(f"script_cuts has to rise: {cuts}")
    return Script(text, unit, tuple(cuts), ends_with_text)


def script_in_prompt(prompt: str) -> Script | None:
    """Return the script behind a prompt's last marker, for addresses that take no `vllm_xargs`. Raises BadScript."""
    found = _MARKER.findall(prompt)
    if not found:
        return None
    try:
        arguments = json.loads(base64.urlsafe_b64decode(found[-1]))
    except ValueError as error:
        raise BadScript(f"the script in the prompt cannot be read: {error}") from error
    return script_in_arguments(arguments if isinstance(arguments, dict) else {"script": arguments})


def marker_of(arguments: Mapping[str, Any]) -> str:
    """Return the text that carries a script's fields in a user's message; no template changes it."""
    return f"@@script:{base64.urlsafe_b64encode(json.dumps(dict(arguments)).encode()).decode()}@@"


def deltas_of(script: Script, encode: Encode, end: int) -> list[list[int]]:
    """Return the tokens of each delta, in order; their sum writes the text, and `end` ends the answer."""
    deltas = _deltas(script, encode)
    if not (script.ends_with_text and deltas):
        return [*deltas, [end]]
    return [*deltas[:-1], [*deltas[-1], end]]


def _deltas(script: Script, encode: Encode) -> list[list[int]]:
    if script.unit == "piece":
        ends = [0, *(cut for cut in script.cuts or () if cut < len(script.text)), len(script.text)]
        return [encode(script.text[start:end]) for start, end in pairwise(ends) if start < end]
    units = list(_units(script, encode))
    if script.cuts is None:
        return units
    ends = [cut for cut in script.cuts if cut < len(units)] + [len(units)]
    starts = [0, *ends[:-1]]
    groups = [list(chain.from_iterable(units[start:end])) for start, end in zip(starts, ends, strict=True)]
    return [group for group in groups if group]


def _units(script: Script, encode: Encode) -> Iterator[list[int]]:
    if script.unit == "token":
        yield from ([token] for token in encode(script.text))
        return
    yield from (encode(character) for character in script.text)
