"""JSON in one spelling, without what readers repair in silence: doubled keys, numbers of any size, half surrogates.

Works on the text, at any depth: no reader of values is asked, which would round, merge or give up.
"""

import json
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'[ \t\n\r]*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])"
    r"|(?P<word>true|false|null)(?!\w)|(?P<mark>[][{},:]))"
)
_CLOSES = {"]": "[", "}": "{"}
_NUMBER = re.compile(r"(-?)([0-9.]+)(?:[eE]([+-]?[0-9]+))?")


@dataclass
class _Open:
    """An object or a list whose end has not come."""

    mark: str
    parts: list[tuple[str, str]] = field(default_factory=list)
    """Key and value; in a list all keys are empty."""
    key: str = ""
    wants: str = "value or end"
    """`value`, `key`, `colon`, `next` (a comma or the end), or one of the first two `or end`."""


def canonical_json(text: str) -> str | None:
    """Return a JSON text in one spelling, equal for texts that say the same; None: it is no JSON.

    White space, the spelling of strings and numbers, and the order of keys do not count. All else does: each key and
    value that is written, the sign of zero, every digit.
    """
    found: list[str] = []
    levels: list[_Open] = []
    at, end = 0, len(text.rstrip(" \t\n\r"))
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None or (found and not levels):
            return None
        at = token.end()
        value = _take(token, levels)
        if value is None:
            return None
        if value and levels:
            _add(levels[-1], value)
        elif value:
            found.append(value)
    return found[0] if found and not levels else None


def _take(token: re.Match[str], levels: list[_Open]) -> str | None:
    """Return a value that is complete; empty: none is yet; None: the token stands where it must not."""
    mark = token["mark"]
    top = levels[-1] if levels else None
    if mark in {"[", "{"}:
        if top and not top.wants.startswith("value"):
            return None
        levels.append(_Open(mark, wants="value or end" if mark == "[" else "key or end"))
        return ""
    if mark in _CLOSES:
        if top is None or top.mark != _CLOSES[mark] or not (top.wants == "next" or top.wants.endswith("end")):
            return None
        levels.pop()
        return _closed(top)
    if mark:
        return _punctuated(mark, top)
    value = _spelled(token)
    if top and top.wants.startswith("key"):
        top.key, top.wants = value, "colon"
        return "" if token["string"] else None
    return value if top is None or top.wants.startswith("value") else None


def _punctuated(mark: str, top: _Open | None) -> str | None:
    wanted = "colon" if mark == ":" else "next"
    if top is None or top.wants != wanted:
        return None
    top.wants = "value" if mark == ":" or top.mark == "[" else "key"
    return ""


def _add(top: _Open, value: str) -> None:
    top.parts.append((top.key, value))
    top.wants = "next"


def _closed(level: _Open) -> str:
    if level.mark == "[":
        return f"[{','.join(value for _, value in level.parts)}]"
    # Of two values of one key, readers keep the last.
    ordered = sorted(level.parts, key=lambda part: part[0])
    return f"{{{','.join(map(':'.join, ordered))}}}"


def _spelled(token: re.Match[str]) -> str:
    if token["string"]:
        return json.dumps(json.loads(token["string"]))
    return _number(token["number"]) if token["number"] else token["word"]


def _number(text: str) -> str:
    """Return sign, digits and exponent: `-0`, `15`, `15e-1`, `1e999`. No digit is lost, however many there are."""
    sign, mantissa, exponent = _NUMBER.fullmatch(text).groups("0")  # type: ignore[union-attr] # the token is one
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    kept = digits.rstrip("0")
    if not kept:
        return f"{sign}0"
    power = int(exponent) - len(part) + len(digits) - len(kept)
    return f"{sign}{kept}e{power}" if power else f"{sign}{kept}"
