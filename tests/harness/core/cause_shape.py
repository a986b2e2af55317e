"""The shape of what came: the same defect with other values has the same one."""

import re
from functools import lru_cache

_ALIKE = re.compile(r"(\{…?\}|\[…?\])(?:…?\1)+")
_LONGEST = 120
_KEPT = 4096
"""Texts whose shapes are kept: of a broken parser many answers say the same."""
_ATOM = "…"
_PIECES = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^"{}\[\]]+|"')
_PAIRS = {"}": "{", "]": "["}
_CLOSING = {opening: closing for closing, opening in _PAIRS.items()}
_LEFT_OUT = re.compile(r"\.\.\. \(\d+ characters\)$")
_ERROR = re.compile(
    r"(?:an error in the stream: )?(?:status )?[1-5]\d\d\b|(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Timeout)\b"
)
"""How a text begins that tells of a failure: by a status, or by an exception's type."""
_TOLD = re.compile(r"""["']message["']:\s*(?:"((?:[^"\\]|\\.)*)|'((?:[^'\\]|\\.)*))""")
_OF_ERROR = re.compile(r"""["']type["']:\s*["']\w*[Ee]rror["']|["']error["']:""")
"""An error object of the API has a message and one of these, whatever the address and however it is written down."""
_QUOTED = re.compile(r"""\\?"[^"]*"|'[^']*'|`[^`]*`""")
_STATUS = re.compile(r"[1-5]\d\d")
_WITH_DIGITS = re.compile(r"\w*\d[\w-]*")
_WORDS = frozenset({"", "nothing", "none", "null", "no such call"})
"""What checks say of something that did not come: it is no value."""


@lru_cache(_KEPT)
def server_error_in(text: str) -> str:
    """Return the message of the API's error object that a text holds, less its values; empty: there is none."""
    told = _TOLD.search(text)
    if told is None or not _OF_ERROR.search(text):
        return ""
    return _without_values((told[1] or told[2] or "").partition(" ... ")[0]) or _ATOM


@lru_cache(_KEPT)
def shape_of(text: str) -> str:
    """Return a text less its values: of a failure status, type and words, of anything else its brackets."""
    if text in _WORDS:
        return text
    if _ERROR.match(text):
        return _without_values(text)
    whole = _LEFT_OUT.sub("", text)
    return _once(_brackets(whole, is_cut=whole != text))


def _without_values(text: str) -> str:
    plain = _QUOTED.sub(f"'{_ATOM}'", text)
    numbered = _WITH_DIGITS.sub(lambda word: word[0] if _STATUS.fullmatch(word[0]) else "0", plain)
    words = " ".join(numbered.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}{_ATOM}"


def _brackets(text: str, *, is_cut: bool) -> str:
    """Return the outermost brackets that are closed, and all that are not: `{…}{…}`, `{{…}`, `[{…`.

    `is_cut`: the end was left out for its length, so what is open there is taken as closed.
    """
    levels: list[list[str]] = [[]]
    opened: list[str] = []
    for piece in _PIECES.findall(text):
        if piece in {"{", "["}:
            opened.append(piece)
            levels.append([])
        elif piece in _PAIRS and opened and opened[-1] == _PAIRS[piece]:
            inner = _ATOM if levels.pop() else ""
            levels[-1].append(f"{opened.pop()}{inner}{piece}")
        elif piece in _PAIRS:
            levels[-1].append(piece)
        elif levels[-1][-1:] != [_ATOM] and not piece.isspace():
            levels[-1].append(_ATOM)
    while opened:
        inside, bracket = levels.pop(), opened.pop()
        is_doubled = bracket == "{" and inside[:1] and inside[0].startswith("{")
        levels[-1] += (
            [f"{bracket}{_ATOM}{_CLOSING[bracket]}"] if is_cut and not is_doubled else [bracket, *inside]
        )
    return "".join(levels[0])


def _once(shape: str) -> str:
    """Return a shape in which no group comes twice in a row: one call or ten, or some whose middle was left out."""
    once = _ALIKE.sub(r"\1", shape[: 3 * _LONGEST])
    return once if len(once) <= _LONGEST else f"{once[:_LONGEST]}{_ATOM}"
